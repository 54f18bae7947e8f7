//! `cargo bench --features bench`
bench_sdk::main!(link = [quickstart]);
