use bench_sdk::hub_bench;

#[hub_bench(sample_count = 10 max_time = 1)]
fn f() {}

fn main() {}
