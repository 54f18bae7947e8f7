//! An allocator that counts, on all threads.

use std::alloc::{GlobalAlloc, Layout, System};

#[cfg(feature = "bench")]
pub(crate) use counting::{Allocations, counted, counts_allocations};

/// Counts allocations for the metrics `allocs` and `alloc_bytes`.
///
/// It counts while a benchmark is run for that purpose, never while it is timed; the rest of the
/// time it costs one load of a flag an allocation. Without the feature `bench` it only forwards.
///
/// ```
/// use bench_sdk::BenchAlloc;
///
/// #[global_allocator]
/// static ALLOC: BenchAlloc = BenchAlloc::system();
/// # fn main() {}
/// ```
#[derive(Debug, Default)]
pub struct BenchAlloc<A = System> {
    inner: A,
}

impl BenchAlloc<System> {
    /// Counts what the system's allocator does.
    pub const fn system() -> Self {
        Self::new(System)
    }
}

impl<A> BenchAlloc<A> {
    /// Counts what that allocator does.
    pub const fn new(inner: A) -> Self {
        Self { inner }
    }
}

/// Notes an allocation of that many bytes.
#[inline]
fn note(bytes: usize) {
    #[cfg(feature = "bench")]
    counting::note(bytes);
    #[cfg(not(feature = "bench"))]
    let _ = bytes;
}

// SAFETY: every method hands its arguments to the inner allocator as they are and returns what
// that returns; counting touches only atomics and allocates nothing.
unsafe impl<A: GlobalAlloc> GlobalAlloc for BenchAlloc<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller keeps the contract of this very method.
        unsafe { self.inner.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: as in `alloc`.
        unsafe { self.inner.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // Growing in place or moving, it is one request for the bytes that are new.
        note(new_size.saturating_sub(layout.size()));
        // SAFETY: as in `alloc`.
        unsafe { self.inner.realloc(ptr, layout, new_size) }
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`.
        unsafe { self.inner.dealloc(ptr, layout) }
    }
}

#[cfg(feature = "bench")]
mod counting {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    /// Set by the first allocation: without it nothing is installed that could count.
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    static COUNTING: AtomicBool = AtomicBool::new(false);
    static ALLOCS: AtomicU64 = AtomicU64::new(0);
    static BYTES: AtomicU64 = AtomicU64::new(0);

    /// Allocations and their bytes, on all threads.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(crate) struct Allocations {
        pub(crate) allocs: u64,
        pub(crate) bytes: u64,
    }

    #[inline]
    pub(super) fn note(bytes: usize) {
        if COUNTING.load(Ordering::Relaxed) {
            count(bytes);
        }
    }

    #[cold]
    fn count(bytes: usize) {
        INSTALLED.store(true, Ordering::Relaxed);
        ALLOCS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Runs the function and counts what is allocated meanwhile; nothing is where no
    /// [`BenchAlloc`](super::BenchAlloc) is installed.
    pub(crate) fn counted(function: impl FnOnce()) -> Allocations {
        let before = now();
        COUNTING.store(true, Ordering::SeqCst);
        function();
        COUNTING.store(false, Ordering::SeqCst);
        let after = now();
        Allocations { allocs: after.allocs - before.allocs, bytes: after.bytes - before.bytes }
    }

    fn now() -> Allocations {
        Allocations { allocs: ALLOCS.load(Ordering::SeqCst), bytes: BYTES.load(Ordering::SeqCst) }
    }

    /// Whether allocations of this executable pass by here: found out by making one.
    pub(crate) fn counts_allocations() -> bool {
        if !INSTALLED.load(Ordering::Relaxed) {
            COUNTING.store(true, Ordering::SeqCst);
            drop(std::hint::black_box(Box::new(1_u8)));
            COUNTING.store(false, Ordering::SeqCst);
        }
        INSTALLED.load(Ordering::Relaxed)
    }
}
