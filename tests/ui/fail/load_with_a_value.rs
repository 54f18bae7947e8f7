use bench_sdk::hub_bench;

#[hub_bench(load = 10)]
async fn f() {}

fn main() {}
