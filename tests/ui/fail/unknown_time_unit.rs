use bench_sdk::hub_bench;

#[hub_bench(max_time = "5 parsecs")]
fn f() {}

fn main() {}
