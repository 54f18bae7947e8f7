//! The benchmarks of `hub-api`, in a quick form under `cargo test`.
bench_sdk::main!(link = [hub_api]);

/// Counts what benchmarks allocate.
#[global_allocator]
static ALLOC: bench_sdk::BenchAlloc = bench_sdk::BenchAlloc::system();
