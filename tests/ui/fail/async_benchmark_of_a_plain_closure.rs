use bench_sdk::{Bencher, hub_bench};

#[hub_bench]
fn f(bencher: Bencher) {
    bencher.bench_async(|| 1);
}

fn main() {}
