//! The benchmarks of `hub-tasks`.
bench_sdk::main!(link = [hub_tasks]);

/// Counts what benchmarks allocate.
#[global_allocator]
static ALLOC: bench_sdk::BenchAlloc = bench_sdk::BenchAlloc::system();
