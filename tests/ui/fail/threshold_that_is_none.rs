use bench_sdk::hub_bench;

#[hub_bench(thresholds = ["median < 10us", "fast"])]
fn f() {}

fn main() {}
