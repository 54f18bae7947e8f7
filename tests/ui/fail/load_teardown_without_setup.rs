use bench_sdk::hub_bench;

#[hub_bench(teardown = drop, load())]
async fn f() {}

fn main() {}
