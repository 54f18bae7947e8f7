use bench_sdk::hub_bench;

#[hub_bench(consts = [1, 2])]
fn f() {}

fn main() {}
