use bench_sdk::hub_bench;

#[hub_bench(items_count = 10, counter = bench_sdk::ItemsCount::new(20_u64))]
fn f() {}

fn main() {}
