use bench_sdk::hub_bench;

const USERS: &str = "10";

#[hub_bench(load(vus = USERS))]
async fn f() {}

fn main() {}
