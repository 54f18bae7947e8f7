use bench_sdk::hub_bench;

#[hub_bench(load(vu = 10, gracefulStop = "5s"))]
async fn f() {}

fn main() {}
