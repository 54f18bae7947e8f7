//! The benchmarks of `hub-swarm`.
bench_sdk::main!(link = [hub_swarm]);

/// Counts what benchmarks allocate.
#[global_allocator]
static ALLOC: bench_sdk::BenchAlloc = bench_sdk::BenchAlloc::system();
