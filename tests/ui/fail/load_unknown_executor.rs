use bench_sdk::hub_bench;

#[hub_bench(load(executor = "constant-vu", vus = 10))]
async fn f() {}

fn main() {}
