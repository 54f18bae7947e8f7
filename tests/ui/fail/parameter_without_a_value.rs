use bench_sdk::hub_bench;

#[hub_bench]
fn f(size: usize) -> usize {
    size
}

fn main() {}
