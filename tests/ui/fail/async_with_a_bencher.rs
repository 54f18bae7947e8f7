use bench_sdk::hub_bench;

use bench_sdk::Bencher;

#[hub_bench]
async fn f(bencher: Bencher<'_>) {
    bencher.bench(|| 1);
}

fn main() {}
