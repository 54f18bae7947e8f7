use bench_sdk::hub_bench;

#[hub_bench]
extern "C" fn f() {}

fn main() {}
