use bench_sdk::hub_bench;

#[hub_bench(colour = "blue")]
fn f() {}

fn main() {}
