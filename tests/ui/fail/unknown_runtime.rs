use bench_sdk::hub_bench;

#[hub_bench(runtime = "multithread")]
async fn f() {}

fn main() {}
