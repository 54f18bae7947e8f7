use bench_sdk::hub_bench;

#[hub_bench(load(stages = [("1m", 10), "2m", ("soon", 1), ("1m", 1.5)]))]
async fn f() {}

fn main() {}
