use bench_sdk::hub_bench;

#[hub_bench(launches = 0)]
fn f() {}

fn main() {}
