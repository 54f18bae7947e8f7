use bench_sdk::hub_bench;

#[hub_bench(load(executor = 3))]
async fn f() {}

fn main() {}
