use bench_sdk::hub_bench;

#[hub_bench(thresholds = ["median < 10"])]
fn f() {}

fn main() {}
