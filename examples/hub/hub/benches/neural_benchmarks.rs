//! The benchmarks of `hub-neural`.
bench_sdk::main!(link = [hub_neural]);

/// Counts what benchmarks allocate.
#[global_allocator]
static ALLOC: bench_sdk::BenchAlloc = bench_sdk::BenchAlloc::system();
