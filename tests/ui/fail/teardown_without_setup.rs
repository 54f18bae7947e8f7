use bench_sdk::hub_bench;

#[hub_bench(teardown = drop)]
fn f() {}

fn main() {}
