use bench_sdk::hub_bench;

#[hub_bench(args = 10)]
fn f(size: usize) -> usize {
    size
}

fn main() {}
