//! `args` go to the closure of `inputs`.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[bench_sdk::bench_only]
const SIZES: &[usize] = &[1, 10];

#[hub_bench(args = [10, 100], inputs = |n| vec![0; *n])]
fn literals(bytes: Vec<u8>) -> usize {
    bytes.len()
}

#[hub_bench(args = SIZES, inputs = |n| vec![0; *n])]
fn constants(bytes: &[u8]) -> usize {
    bytes.len()
}

#[hub_bench(args = ["a b", "c d"], inputs = |text| String::from(*text))]
fn text(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

#[hub_bench(args = 1..4, inputs = |&n| (n, vec![0; n]))]
fn pairs(n: usize, bytes: &mut Vec<u8>) -> usize {
    bytes.truncate(n);
    bytes.len()
}

#[bench_sdk::bench_only]
fn make(n: &usize) -> Vec<u8> {
    vec![0; *n]
}

#[hub_bench(args = [1, 2], inputs = make)]
fn path(bytes: Vec<u8>) -> usize {
    bytes.len()
}

fn main() {}
