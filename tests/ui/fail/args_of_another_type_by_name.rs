use bench_sdk::hub_bench;

const SIZES: &[u32] = &[1, 2];

#[hub_bench(args = SIZES)]
fn f(size: u64) -> u64 {
    size
}

fn main() {}
