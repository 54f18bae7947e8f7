use bench_sdk::hub_bench;

#[hub_bench(load(executor = constant_vus, vus = 10, rate = 5, stages = [("1s", 1), ("2s", 2)]))]
async fn f() {}

fn main() {}
