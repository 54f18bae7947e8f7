use bench_sdk::hub_bench;

#[hub_bench(inputs = vec![1, 2])]
fn f() {}

fn main() {}
