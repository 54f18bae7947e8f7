#[bench_sdk::hub_bench_group]
fn f() {}

fn main() {}
