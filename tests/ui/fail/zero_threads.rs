use bench_sdk::hub_bench;

#[hub_bench(threads = [0, 1])]
fn f() {}

fn main() {}
