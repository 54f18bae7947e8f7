use bench_sdk::hub_bench;

#[hub_bench(sample_cout = 10)]
fn f() {}

fn main() {}
