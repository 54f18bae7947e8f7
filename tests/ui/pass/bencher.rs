//! Functions that take a `Bencher`.
#![deny(warnings)]

use bench_sdk::{Bencher, BytesCount, hub_bench};

#[hub_bench]
fn plain(bencher: Bencher) {
    bencher.counter(BytesCount::new(4)).bench(|| 1 + 1);
}

#[hub_bench(args = [1, 2])]
fn copied(bencher: Bencher<'_>, n: u64) -> Result<(), String> {
    bencher.bench(|| n + 1);
    Ok(())
}

#[hub_bench(args = ["a", "b"])]
fn borrowed(bencher: bench_sdk::Bencher, text: &str) {
    bencher.with_inputs(|| text.to_owned()).bench_values(|text| text.len());
}

#[hub_bench(args = [vec![3, 2, 1]])]
fn cloned(bencher: Bencher, numbers: Vec<u32>) {
    bencher.with_inputs(|| numbers.clone()).bench_refs(|numbers| numbers.sort_unstable());
}

#[hub_bench(types = [u8, u16], consts = [1])]
fn generic<T: Default, const N: usize>(bencher: Bencher) {
    bencher.bench(|| (T::default(), N));
}

fn main() {}
