use bench_sdk::hub_bench;

#[hub_bench(thresholds = ["medain < 10us", "allocs == 0"])]
fn f() {}

fn main() {}
