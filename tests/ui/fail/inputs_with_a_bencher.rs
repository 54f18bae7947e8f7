use bench_sdk::hub_bench;

use bench_sdk::Bencher;

#[hub_bench(inputs = vec![1, 2])]
fn f(bencher: Bencher, numbers: Vec<u8>) {
    bencher.bench(|| numbers.len());
}

fn main() {}
