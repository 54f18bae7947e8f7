//! The lints of a strict crate.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub, single_use_lifetimes)]
#![deny(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![deny(clippy::absolute_paths, clippy::allow_attributes, clippy::allow_attributes_without_reason)]
#![deny(clippy::missing_const_for_fn, clippy::shadow_unrelated, clippy::integer_division)]

use std::fmt;
use std::future::ready;
use std::num::ParseIntError;

use bench_sdk::{Bencher, bench_only, hub_bench, hub_bench_group};

/// A public function, measured in place.
///
/// # Errors
/// If the text is not a number.
#[hub_bench(inputs = "12", thresholds = ["median < 1s"], sample_count = 20)]
pub fn parse(text: &str) -> Result<u8, ParseIntError> {
    text.parse()
}

#[hub_bench(args = [10, 100], inputs = |n| (0..*n).rev().collect::<Vec<u32>>())]
fn sort(numbers: &mut [u32]) {
    numbers.sort_unstable();
}

#[hub_bench(types = [u8, u64], consts = [4, 8])]
fn fill<T: Default + Copy, const N: usize>() -> [T; N] {
    [T::default(); N]
}

#[hub_bench(args = ["a", "b"], threads = [1, 2], allow_err)]
fn shout(text: &str) -> Result<String, fmt::Error> {
    if text.is_empty() { Err(fmt::Error) } else { Ok(text.to_uppercase()) }
}

#[hub_bench(setup = seed, teardown = drop)]
fn with_bencher(bencher: Bencher, seed: &[u32]) {
    bencher.bench(|| seed.len());
}

#[bench_only]
fn seed() -> Vec<u32> {
    vec![1, 2]
}

#[hub_bench(setup = seed, teardown = drop, inputs = async |_| make_text().await, runtime = "multi_thread")]
async fn asynchronous(seed: &[u32], text: String) -> Result<usize, ParseIntError> {
    ready(()).await;
    text.parse::<usize>().map(|number| number + seed.len())
}

#[bench_only]
async fn make_text() -> String {
    ready(String::from("1")).await
}

#[hub_bench_group(tags = ["strict"], skip_ext_time)]
mod grouped {
    use bench_sdk::hub_bench;

    #[hub_bench(name = "other", group = "one")]
    fn inside() -> String {
        String::from("text")
    }
}

fn main() {}
