use bench_sdk::hub_bench;

#[hub_bench(tags = "slow")]
fn f() {}

fn main() {}
