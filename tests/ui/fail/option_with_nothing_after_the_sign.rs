use bench_sdk::hub_bench;

#[hub_bench(sample_count = , max_time = 1)]
fn f() {}

fn main() {}
