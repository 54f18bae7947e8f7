use bench_sdk::hub_bench;

#[hub_bench(sample_count = "10")]
fn f() {}

fn main() {}
