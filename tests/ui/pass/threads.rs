//! Several threads at once.
#![deny(warnings)]

use bench_sdk::{Bencher, hub_bench};

#[hub_bench(threads = true)]
fn everywhere() -> u8 {
    1
}

#[hub_bench(threads = 4, args = ["a"])]
fn args(text: &str) -> String {
    text.to_owned()
}

#[hub_bench(threads = [1, 2], inputs = vec![2, 1])]
fn inputs(numbers: &mut [u8]) {
    numbers.sort_unstable();
}

#[hub_bench(threads = COUNTS, inputs = String::new(), setup = || 1)]
fn state(seed: &i32, text: String) -> (i32, String) {
    (*seed, text)
}

#[bench_sdk::bench_only]
const COUNTS: [usize; 2] = [1, 2];

#[hub_bench(threads = [1, 2])]
fn bencher(bencher: Bencher) {
    bencher.bench(|| 1);
}

fn main() {}
