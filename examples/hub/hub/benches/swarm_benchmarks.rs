//! The benchmarks of `hub-swarm`.
bench_sdk::main!(link = [hub_swarm]);
