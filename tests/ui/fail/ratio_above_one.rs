use bench_sdk::hub_bench;

#[hub_bench(target_ci = 5.0)]
fn f() {}

fn main() {}
