//! Everything that iterates goes as `args`.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[bench_sdk::bench_only]
const SLICE: &[usize] = &[1, 10];

#[bench_sdk::bench_only]
const ARRAY: [usize; 2] = [1, 10];

#[bench_sdk::bench_only]
static STATIC: [usize; 2] = [1, 10];

#[hub_bench(args = SLICE)]
fn of_a_slice(n: usize) -> usize {
    n
}

#[hub_bench(args = SLICE)]
fn of_a_slice_borrowed(n: &usize) -> usize {
    *n
}

#[hub_bench(args = ARRAY)]
fn of_an_array(n: usize) -> usize {
    n
}

#[hub_bench(args = &STATIC)]
fn of_a_static(n: usize) -> usize {
    n
}

#[hub_bench(args = 0..3)]
fn of_a_range(n: u8) -> u8 {
    n
}

#[hub_bench(args = (0..3).map(|n| 1 << n))]
fn of_an_iterator(n: u16) -> u16 {
    n
}

#[hub_bench(args = sizes())]
fn of_a_function(n: usize) -> usize {
    n
}

#[bench_sdk::bench_only]
fn sizes() -> Vec<usize> {
    vec![1, 2]
}

fn main() {}
