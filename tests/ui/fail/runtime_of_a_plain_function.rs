use bench_sdk::hub_bench;

#[hub_bench(runtime = "current_thread")]
fn f() {}

fn main() {}
