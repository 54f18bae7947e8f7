use bench_sdk::hub_bench;

#[hub_bench(types = [u8, u16])]
fn f() {}

fn main() {}
