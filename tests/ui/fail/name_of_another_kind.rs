use bench_sdk::hub_bench;

#[hub_bench(name = 5)]
fn f() {}

fn main() {}
