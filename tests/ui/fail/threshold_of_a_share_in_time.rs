use bench_sdk::hub_bench;

#[hub_bench(thresholds = ["cpu_utilisation < 10ms"])]
fn f() {}

fn main() {}
