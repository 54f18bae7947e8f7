use bench_sdk::hub_bench;

#[hub_bench(args = [1, 2])]
fn f() {}

fn main() {}
