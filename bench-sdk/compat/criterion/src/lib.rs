//! Runs benches written for criterion 0.5 to 0.8 on `bench-sdk`, after one changed line:
//!
//! ```toml
//! [dev-dependencies]
//! criterion = { package = "bench-sdk-criterion", path = "../bench-sdk/compat/criterion" }
//! ```
//!
//! ```no_run
//! use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
//!
//! fn sorting(c: &mut Criterion) {
//!     let mut group = c.benchmark_group("sort");
//!     for count in [100_u64, 1_000] {
//!         let numbers: Vec<u64> = (0..count).rev().collect();
//!         group.throughput(Throughput::Elements(count));
//!         group.bench_with_input(BenchmarkId::new("unstable", count), &numbers, |b, numbers| {
//!             b.iter_batched(
//!                 || numbers.clone(),
//!                 |mut numbers| numbers.sort_unstable(),
//!                 criterion::BatchSize::SmallInput,
//!             );
//!         });
//!     }
//!     group.finish();
//! }
//!
//! criterion_group!(benches, sorting);
//! criterion_main!(benches);
//! ```
//!
//! What is different: benches are measured in processes of their own, eight for each by default,
//! which run the program up to the bench they were started for. What stands around the benches
//! therefore runs in every process, and the names must be the same each time.

mod arguments;
#[cfg(feature = "async")]
mod asynchronous;
mod bencher;
mod choices;
mod criterion;
mod group;
mod id;
mod macros;
mod reached;
mod settings;

#[cfg(feature = "async")]
pub mod async_executor;
pub mod measurement;
pub mod profiler;

#[doc(hidden)]
pub mod __private;

#[cfg(feature = "async")]
pub use asynchronous::AsyncBencher;
pub use bencher::Bencher;
pub use choices::{
    AxisScale, Baseline, BatchSize, BenchmarkFilter, PlotConfiguration, PlottingBackend,
    SamplingMode, Throughput,
};
pub use criterion::Criterion;
pub use group::BenchmarkGroup;
pub use id::{BenchmarkId, IntoBenchmarkId};

/// Keeps the optimiser from seeing through a value; the standard library's.
///
/// ```
/// assert_eq!(criterion::black_box(1 + 1), 2);
/// ```
pub fn black_box<T>(value: T) -> T {
    std::hint::black_box(value)
}
