use bench_sdk::hub_bench;

#[hub_bench(args = [1, 2, 4], complexity = "n logn")]
fn f(n: u64) -> u64 {
    n
}

fn main() {}
