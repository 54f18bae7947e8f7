use bench_sdk::hub_bench;

#[hub_bench(load(stages = []))]
async fn f() {}

fn main() {}
