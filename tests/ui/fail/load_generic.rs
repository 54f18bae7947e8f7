use bench_sdk::hub_bench;

#[hub_bench(load())]
async fn f<T>() {}

fn main() {}
