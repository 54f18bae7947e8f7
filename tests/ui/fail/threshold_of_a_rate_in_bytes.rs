use bench_sdk::hub_bench;

#[hub_bench(thresholds = ["ops_per_cpu_second > 1MB"])]
fn f() {}

fn main() {}
