//! The benchmarks of `hub-neural`.
bench_sdk::main!(link = [hub_neural]);
