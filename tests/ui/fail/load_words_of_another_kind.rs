use bench_sdk::hub_bench;

#[hub_bench(load(arrivals = "random", when_busy = wait))]
async fn f() {}

fn main() {}
