use bench_sdk::hub_bench;

#[hub_bench(args = ["a", "b"])]
fn f(size: u64) -> u64 {
    size
}

fn main() {}
