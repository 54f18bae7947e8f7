use bench_sdk::hub_bench;

#[hub_bench(load(vus = 0, duration = "soon", time_unit = true, start_vus = -1))]
async fn f() {}

fn main() {}
