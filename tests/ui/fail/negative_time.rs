use bench_sdk::hub_bench;

#[hub_bench(warmup = -1)]
fn f() {}

fn main() {}
