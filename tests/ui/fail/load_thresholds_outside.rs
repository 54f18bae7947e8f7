use bench_sdk::hub_bench;

#[hub_bench(load(vus = 1), thresholds = ["http_req_duration: p(95) < 500ms"])]
async fn f() {}

fn main() {}
