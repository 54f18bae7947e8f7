use bench_sdk::hub_bench;

#[hub_bench(threads = 4)]
async fn f() {}

fn main() {}
