use bench_sdk::hub_bench;

#[hub_bench(vu_setup = || 1_u8, load())]
async fn f(number: &mut u64) {}

fn main() {}
