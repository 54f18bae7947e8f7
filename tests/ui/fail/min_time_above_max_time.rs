use bench_sdk::hub_bench;

#[hub_bench(min_time = 2, max_time = 1.5)]
fn f() {}

fn main() {}
