//! What the attributes generate passes the lints of a strict crate.

#![forbid(unsafe_code)]
#![deny(missing_docs, warnings)]
#![deny(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use divan::{Bencher, Divan};

#[divan::bench(args = [1, 2], threads = [1, 2], sample_count = 2, items_count = 3)]
fn arguments(n: u64) -> u64 {
    n
}

#[divan::bench(types = [u8, String], consts = SIZES)]
fn generics<T: Default, const N: usize>(bencher: Bencher) {
    bencher.bench(|| (T::default(), N));
}

const SIZES: &[usize] = &[1, 2];

#[divan::bench_group(max_time = 1, ignore = false)]
mod group {
    #[divan::bench]
    #[deprecated]
    fn deprecated() {}

    #[divan::bench]
    #[cfg(target_os = "none")]
    fn elsewhere() {}
}

/// Listing starts no process, so it may be done within a test.
#[test]
fn benches_are_registered() {
    Divan::default().list_benches();
}
