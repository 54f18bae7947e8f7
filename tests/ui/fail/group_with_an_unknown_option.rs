bench_sdk::group!(sample_sice = 10);

fn main() {}
