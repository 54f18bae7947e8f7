//! The benchmarks of `hub-agents`.
bench_sdk::main!(link = [hub_agents]);

/// Counts what benchmarks allocate.
#[global_allocator]
static ALLOC: bench_sdk::BenchAlloc = bench_sdk::BenchAlloc::system();
