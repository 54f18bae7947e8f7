use bench_sdk::hub_bench;

#[hub_bench(name = "")]
fn f() {}

fn main() {}
