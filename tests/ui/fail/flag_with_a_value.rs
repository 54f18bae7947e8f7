use bench_sdk::hub_bench;

#[hub_bench(allow_err = "yes")]
fn f() {}

fn main() {}
