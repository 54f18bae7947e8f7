use bench_sdk::hub_bench;

#[hub_bench(args = [1], threads = 2, sample_count = 10, load())]
async fn f() {}

fn main() {}
