//! `cargo test --features bench`
bench_sdk::main!(link = [quickstart]);
