use bench_sdk::hub_bench;

#[hub_bench(vu_setup = || 1)]
fn f() {}

fn main() {}
