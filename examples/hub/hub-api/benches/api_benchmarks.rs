//! The benchmarks of `hub-api`; its load tests are run by `cargo hub-bench load`.
bench_sdk::main!(link = [hub_api]);

/// Counts what benchmarks allocate.
#[global_allocator]
static ALLOC: bench_sdk::BenchAlloc = bench_sdk::BenchAlloc::system();
