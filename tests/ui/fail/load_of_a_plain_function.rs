use bench_sdk::hub_bench;

#[hub_bench(load(vus = 10))]
fn f() {}

fn main() {}
