//! Every benchmark of the hub and its crates.

/// Counts allocations, apart from all timing.
#[global_allocator]
static ALLOC: bench_sdk::BenchAlloc = bench_sdk::BenchAlloc::system();

bench_sdk::main!(link = [hub, hub_agents, hub_neural, hub_swarm, hub_tasks]);
