use bench_sdk::hub_bench;

#[hub_bench(thresholds = ["peak_rss < 10ms"])]
fn f() {}

fn main() {}
