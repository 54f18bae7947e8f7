use bench_sdk::hub_bench;

#[hub_bench(load(vus = 1, vus = 2))]
async fn f() {}

fn main() {}
