use bench_sdk::hub_bench;

#[hub_bench(sample_count = 0)]
fn f() {}

fn main() {}
