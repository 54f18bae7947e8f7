use bench_sdk::hub_bench;

use bench_sdk::Bencher;

#[hub_bench]
fn f(bencher: &mut Bencher) {
    let _ = bencher;
}

fn main() {}
