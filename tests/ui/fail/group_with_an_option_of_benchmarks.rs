#[bench_sdk::hub_bench_group(sample_count = 10, args = [1, 2])]
mod inner {}

fn main() {}
