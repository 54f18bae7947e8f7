//! The benchmarks of `hub-agents`.
bench_sdk::main!(link = [hub_agents]);
