//! Inputs taken by value.
#![deny(warnings)]

use bench_sdk::{bench_only, hub_bench};

#[hub_bench(inputs = vec![3, 1, 2])]
fn expression(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers
}

#[hub_bench(inputs = 7)]
fn literal(n: u64) -> u64 {
    n
}

#[hub_bench(inputs = || vec![3, 1, 2])]
fn closure(numbers: Vec<u32>) -> usize {
    numbers.len()
}

#[hub_bench(inputs = make)]
fn path(numbers: Vec<u32>) -> usize {
    numbers.len()
}

#[bench_only]
fn make() -> Vec<u32> {
    vec![1]
}

fn main() {}
