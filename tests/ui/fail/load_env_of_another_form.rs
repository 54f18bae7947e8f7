use bench_sdk::hub_bench;

#[hub_bench(load(env = ["A=1"], tags = [("a", 1)]))]
async fn f() {}

fn main() {}
