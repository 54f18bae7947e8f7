use bench_sdk::hub_bench;

#[hub_bench]
unsafe fn f() {}

fn main() {}
