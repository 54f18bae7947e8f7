use bench_sdk::hub_bench;

#[hub_bench(vu_setup = |vu, state| 1, load())]
async fn f(own: &mut u8) {}

fn main() {}
