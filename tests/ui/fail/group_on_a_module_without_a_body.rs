#[bench_sdk::hub_bench_group(sample_count = 10)]
mod inner;

fn main() {}
