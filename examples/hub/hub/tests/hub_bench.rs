//! Every benchmark of the hub and its crates, in a quick form under `cargo test`.
bench_sdk::main!(link = [hub, hub_agents, hub_neural, hub_swarm, hub_tasks]);

/// Counts what benchmarks allocate.
#[global_allocator]
static ALLOC: bench_sdk::BenchAlloc = bench_sdk::BenchAlloc::system();
