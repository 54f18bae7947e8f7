use bench_sdk::hub_bench;

#[hub_bench(args = [1, 2])]
fn f(size: usize, factor: usize) -> usize {
    size * factor
}

fn main() {}
