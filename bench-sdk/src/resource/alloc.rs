//! An allocator that counts, on all threads.

use std::alloc::{GlobalAlloc, Layout, System};

#[cfg(feature = "bench")]
pub(crate) use counting::{Allocations, Counting, counts_allocations};

/// Counts allocations on all threads: how many, their bytes, what is given back, the most that is
/// live at a time, and what an iteration leaves behind.
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

// SAFETY: every method hands its arguments to the inner allocator as they are and returns what
// that returns; counting touches only atomics, allocates nothing and cannot panic.
unsafe impl<A: GlobalAlloc> GlobalAlloc for BenchAlloc<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of this very method.
        let block = unsafe { self.inner.alloc(layout) };
        #[cfg(feature = "bench")]
        counting::taken(block, layout.size());
        block
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as in `alloc`.
        let block = unsafe { self.inner.alloc_zeroed(layout) };
        #[cfg(feature = "bench")]
        counting::taken(block, layout.size());
        block
    }

    #[inline]
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: as in `alloc`.
        let block = unsafe { self.inner.realloc(ptr, layout, new_size) };
        #[cfg(feature = "bench")]
        counting::resized(block, layout.size(), new_size);
        block
    }

    #[inline]
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        #[cfg(feature = "bench")]
        counting::given_back(layout.size());
        // SAFETY: as in `alloc`.
        unsafe { self.inner.dealloc(ptr, layout) }
    }
}

#[cfg(feature = "bench")]
mod counting {
    use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, Ordering};

    /// Set by the first allocation: without it nothing is installed that could count.
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    static COUNTING: AtomicBool = AtomicBool::new(false);
    static ALLOCS: AtomicU64 = AtomicU64::new(0);
    static BYTES: AtomicU64 = AtomicU64::new(0);
    static FREES: AtomicU64 = AtomicU64::new(0);
    /// Bytes live, less those that were when counting began: what was allocated before and is
    /// given back now takes it below zero.
    static LIVE: AtomicIsize = AtomicIsize::new(0);
    static PEAK: AtomicIsize = AtomicIsize::new(0);

    /// A request that was refused has taken nothing.
    #[inline]
    pub(super) fn taken(block: *const u8, bytes: usize) {
        if COUNTING.load(Ordering::Relaxed) && !block.is_null() {
            count_taken(bytes as u64, bytes.cast_signed());
        }
    }

    /// Growing in place or moving, it is one request for the bytes that are new.
    #[inline]
    pub(super) fn resized(block: *const u8, old: usize, new: usize) {
        if COUNTING.load(Ordering::Relaxed) && !block.is_null() {
            let more_live = new.cast_signed() - old.cast_signed();
            count_taken(new.saturating_sub(old) as u64, more_live);
        }
    }

    #[inline]
    pub(super) fn given_back(bytes: usize) {
        if COUNTING.load(Ordering::Relaxed) {
            count_given_back(bytes.cast_signed());
        }
    }

    #[cold]
    fn count_taken(bytes: u64, more_live: isize) {
        INSTALLED.store(true, Ordering::Relaxed);
        ALLOCS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(bytes, Ordering::Relaxed);
        let live = LIVE.fetch_add(more_live, Ordering::Relaxed).wrapping_add(more_live);
        // While something is counted the peak never falls: what is below needs no locked instruction.
        if live > PEAK.load(Ordering::Relaxed) {
            PEAK.fetch_max(live, Ordering::Relaxed);
        }
    }

    #[cold]
    fn count_given_back(bytes: isize) {
        FREES.fetch_add(1, Ordering::Relaxed);
        LIVE.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// What a stretch of the program allocated, on all threads.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(crate) struct Allocations {
        pub(crate) allocs: u64,
        pub(crate) bytes: u64,
        pub(crate) frees: u64,
        /// Most bytes live at a time, above those at the start of the stretch.
        pub(crate) peak_live: u64,
        /// Bytes live at its end, above those at its start: what it hands out.
        pub(crate) kept: i64,
    }

    impl Allocations {
        /// Runs the function and counts what is allocated meanwhile, while [`Counting`] lives;
        /// nothing where no [`BenchAlloc`](super::BenchAlloc) is installed.
        pub(crate) fn of(function: impl FnOnce()) -> Self {
            let stretch = Self::begin();
            function();
            stretch.end()
        }

        /// [`of`](Self::of) for what is no function call; stretches do not overlap.
        pub(crate) fn begin() -> Stretch {
            let live = LIVE.load(Ordering::SeqCst);
            PEAK.store(live, Ordering::SeqCst);
            Stretch { live, before: counters() }
        }

        /// Adds another stretch; the peak is the higher one.
        pub(crate) fn add(&mut self, other: &Self) {
            self.allocs += other.allocs;
            self.bytes += other.bytes;
            self.frees += other.frees;
            self.peak_live = self.peak_live.max(other.peak_live);
            self.kept += other.kept;
        }
    }

    fn counters() -> [u64; 3] {
        [&ALLOCS, &BYTES, &FREES].map(|counter| counter.load(Ordering::SeqCst))
    }

    /// What stood in the counters when a stretch began.
    pub(crate) struct Stretch {
        live: isize,
        before: [u64; 3],
    }

    impl Stretch {
        /// What was allocated since.
        pub(crate) fn end(self) -> Allocations {
            let after = counters();
            let peak = PEAK.load(Ordering::SeqCst);
            let kept = LIVE.load(Ordering::SeqCst) - self.live;
            Allocations {
                allocs: after[0] - self.before[0],
                bytes: after[1] - self.before[1],
                frees: after[2] - self.before[2],
                peak_live: u64::try_from(peak - self.live).unwrap_or(0),
                kept: kept as i64,
            }
        }
    }

    /// While it lives, allocations are counted.
    pub(crate) struct Counting {
        live_at_start: isize,
    }

    impl Counting {
        pub(crate) fn start() -> Self {
            COUNTING.store(true, Ordering::SeqCst);
            Self { live_at_start: LIVE.load(Ordering::SeqCst) }
        }

        /// Bytes allocated since the start and not given back; negative where more was given back.
        pub(crate) fn growth_bytes(&self) -> isize {
            LIVE.load(Ordering::SeqCst) - self.live_at_start
        }
    }

    impl Drop for Counting {
        fn drop(&mut self) {
            COUNTING.store(false, Ordering::SeqCst);
        }
    }

    /// Whether allocations of this executable pass by here: found out by making one.
    pub(crate) fn counts_allocations() -> bool {
        if !INSTALLED.load(Ordering::Relaxed) {
            let _counting = Counting::start();
            drop(std::hint::black_box(Box::new(1_u8)));
        }
        INSTALLED.load(Ordering::Relaxed)
    }
}
