use bench_sdk::hub_bench;

#[hub_bench(load(thresholds = ["p(95) < 500ms", "http_req_duration: p95 < 500ms"]))]
async fn f() {}

fn main() {}
