use bench_sdk::hub_bench;

#[hub_bench(setup = || 1_u8, load())]
async fn f(number: &u64) {}

fn main() {}
