//! The benchmarks of `hub-tasks`.
bench_sdk::main!(link = [hub_tasks]);
