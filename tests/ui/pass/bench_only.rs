//! Items that exist for benchmarks only.
#![deny(warnings)]

use bench_sdk::{bench_only, hub_bench};

#[bench_only]
use std::collections::BTreeMap as Map;

#[bench_only]
#[derive(Clone, Debug)]
struct Input(Map<u8, u8>);

#[bench_only]
impl Input {
    fn new(size: u8) -> Self {
        Self((0..size).map(|n| (n, n)).collect())
    }
}

#[hub_bench(args = [Input::new(1), Input::new(2)], inputs = |input| input.0.len())]
fn sized(len: usize) -> usize {
    len
}

fn main() {}
