use bench_sdk::hub_bench;

#[hub_bench(load())]
async fn f(text: &str, session: &mut u8) {}

fn main() {}
