//! Runs benchmarks that were written for [divan](https://docs.rs/divan) 0.1, as they are, with
//! `bench-sdk`. One line of `Cargo.toml` changes:
//!
//! ```toml
//! [dev-dependencies]
//! divan = { package = "bench-sdk-divan", path = "../bench-sdk/compat/divan" }
//! ```
//!
//! ```no_run
//! fn main() {
//!     divan::main();
//! }
//!
//! #[divan::bench(args = [1, 2, 4, 8])]
//! fn fibonacci(n: u64) -> u64 {
//!     if n <= 1 { 1 } else { fibonacci(n - 2) + fibonacci(n - 1) }
//! }
//! ```
//!
//! The guide of `bench-sdk` says what is the same and what is not.
//!
//! Each benchmark is measured in fresh processes of the same executable, and those too begin with
//! `main`: what stands there before `divan::main()` runs in each of them.

mod arguments;
mod bencher;
pub mod counter;
mod divan;
mod pattern;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

#[doc(no_inline)]
pub use std::hint::black_box;

/// Marks a function as a benchmark. The options are those of divan; see its documentation.
///
/// ```no_run
/// use std::collections::{BTreeSet, HashSet};
///
/// #[divan::bench(
///     types = [Vec<i32>, BTreeSet<i32>, HashSet<i32>],
///     args = [0, 16, 4096],
///     sample_count = 50,
/// )]
/// fn from_range<T: FromIterator<i32>>(n: i32) -> T {
///     (0..n).collect()
/// }
/// # fn main() { divan::main(); }
/// ```
pub use bench_sdk::__private::divan_bench as bench;

/// Sets defaults for the benchmarks of an inline module.
///
/// ```no_run
/// #[divan::bench_group(name = "arithmetic", max_time = 0.5)]
/// mod math {
///     #[divan::bench]
///     fn add() -> i32 {
///         divan::black_box(1) + divan::black_box(2)
///     }
/// }
/// # fn main() { divan::main(); }
/// ```
pub use bench_sdk::__private::divan_bench_group as bench_group;

/// Counts allocations on all threads: how many, their bytes, what is given back, the most that is
/// live at a time. Unlike divan's it counts apart from timing, so it costs no time.
///
/// ```
/// use divan::AllocProfiler;
///
/// #[global_allocator]
/// static ALLOC: AllocProfiler = AllocProfiler::system();
/// # fn main() {}
/// ```
pub use bench_sdk::BenchAlloc as AllocProfiler;

pub use bencher::Bencher;
pub use divan::Divan;

/// What most files of benchmarks use.
pub mod prelude {
    #[doc(no_inline)]
    pub use crate::{AllocProfiler, Bencher, Divan, bench, bench_group, black_box, black_box_drop};
}

/// Runs all registered benchmarks as the command line says: [`Divan::from_args`] and
/// [`Divan::main`].
///
/// ```no_run
/// divan::main();
/// ```
pub fn main() {
    Divan::from_args().main();
}

/// Drops a value, as far as the optimiser can know for a reason.
///
/// ```
/// divan::black_box_drop(vec![1, 2, 3]);
/// ```
#[inline]
pub fn black_box_drop<T>(value: T) {
    drop(black_box(value));
}
