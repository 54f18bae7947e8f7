use bench_sdk::hub_bench;

#[hub_bench(thresholds = ["p(100) < 1ms"])]
fn f() {}

fn main() {}
