use bench_sdk::hub_bench;

use bench_sdk::Bencher;

#[hub_bench(args = [1])]
fn f(size: usize, bencher: Bencher) {
    bencher.bench(|| size);
}

fn main() {}
