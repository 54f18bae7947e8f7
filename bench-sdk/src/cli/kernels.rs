//! Benchmarks of the command's own, by which a machine is calibrated.

use std::cell::Cell;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::hint::black_box;

use crate::bencher::Bencher;
use crate::registry::{Benchmark, Catalog};

/// A benchmark that borrows nothing.
type Kernel = fn(Bencher<'_>);

/// What each is called, and how it is measured. They differ in what they depend on: the first on the
/// clock of the processor alone, which is why the others are held against it; the others on caches,
/// on the allocator, on the kernel, on how branches are guessed.
pub(super) const KERNELS: [(&str, Kernel); 6] = [
    (ANCHOR, arithmetic),
    ("hash of 4 kB", hash),
    ("64 allocations", allocations),
    ("walk of 256 kB", walk),
    ("system call", system_call),
    ("sort of 1000", sort),
];
/// The kernel that the others are held against.
pub(super) const ANCHOR: &str = "arithmetic";

/// Lines of the cache that the walk goes through, and bytes of each.
const LINES: usize = 4096;
const LINE_BYTES: usize = 64;

/// All kernels.
pub(super) fn catalog() -> Catalog {
    let mut catalog = Catalog::empty();
    catalog.add(KERNELS.iter().map(|(name, run)| Benchmark::new(*name, *run)).collect());
    catalog
}

/// A step of a generator whose every number needs the one before it (Marsaglia, "Xorshift RNGs").
fn next(mut state: u64) -> u64 {
    state ^= state << 13;
    state ^= state >> 7;
    state ^ (state << 17)
}

fn arithmetic(bencher: Bencher<'_>) {
    bencher.bench(|| (0..1_000).fold(black_box(1), |state, _| next(state)));
}

fn hash(bencher: Bencher<'_>) {
    let bytes: Vec<u8> = (0..4096_u32).map(|at| (at % 251) as u8).collect();
    bencher.bench(|| {
        let mut hasher = DefaultHasher::new();
        hasher.write(black_box(&bytes));
        hasher.finish()
    });
}

fn allocations(bencher: Bencher<'_>) {
    bencher.bench(|| {
        let sizes = (0..64).map(|at| 16 + 24 * (at % 16));
        sizes.map(|size| black_box(Vec::<u8>::with_capacity(size))).collect::<Vec<_>>()
    });
}

fn walk(bencher: Bencher<'_>) {
    let step = LINE_BYTES / size_of::<usize>();
    let mut places = vec![0; LINES * step];
    // An odd distance leads through all lines, in no order that is guessed.
    let mut at = 0;
    for _ in 0..LINES {
        let next = (at + 1_597) % LINES;
        places[at * step] = next * step;
        at = next;
    }
    bencher.bench(|| (0..LINES).fold(0, |at, _| black_box(&places)[at]));
}

fn system_call(bencher: Bencher<'_>) {
    bencher.bench(|| {
        #[cfg(unix)]
        return std::os::unix::process::parent_id();
        #[cfg(not(unix))]
        return std::process::id();
    });
}

fn sort(bencher: Bencher<'_>) {
    let state = Cell::new(1);
    let draw = || {
        state.set(next(state.get()));
        state.get()
    };
    let numbers: Vec<u64> = std::iter::repeat_with(draw).take(1_000).collect();
    bencher.with_inputs(|| numbers.clone()).bench_refs(|numbers| numbers.sort_unstable());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{SettingSources, plan_case};

    #[test]
    fn every_kernel_is_found_by_its_name() {
        let catalog = catalog();
        for (name, _) in KERNELS {
            let found = plan_case(&catalog, name, &SettingSources::default());
            assert!(found.is_ok_and(|case| case.is_some_and(|case| case.id.as_str() == name)));
        }
        assert_eq!(KERNELS[0].0, ANCHOR);
    }
}
