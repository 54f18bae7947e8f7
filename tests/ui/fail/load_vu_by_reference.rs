use bench_sdk::{Vu, hub_bench};

#[hub_bench(load())]
async fn f(vu: &Vu) {}

fn main() {}
