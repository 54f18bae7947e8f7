use bench_sdk::hub_bench;

#[hub_bench(complexity = "n")]
fn f() {}

fn main() {}
