use bench_sdk::hub_bench;

#[hub_bench(runtime = "current_thread", workers = 2)]
async fn f() {}

fn main() {}
