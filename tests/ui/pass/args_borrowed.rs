//! `args` for parameters taken by reference.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[hub_bench(args = ["a", "b"])]
fn text(text: &str) -> usize {
    text.len()
}

#[hub_bench(args = ["a", "b"].map(String::from))]
fn text_of_strings(text: &str) -> &str {
    text
}

#[hub_bench(args = [vec![1], vec![2, 3]])]
fn slice_of_vectors(numbers: &[i32]) -> Option<&i32> {
    numbers.first()
}

#[hub_bench(args = [[1, 2], [3, 4]])]
fn slice_of_arrays(numbers: &[i32]) -> i32 {
    numbers[0]
}

#[hub_bench(args = [vec![2, 1]])]
fn changed(numbers: &mut [i32]) {
    numbers.sort_unstable();
}

#[hub_bench(args = [1, 2])]
fn number(n: &u64) -> u64 {
    *n
}

#[hub_bench(args = [1, 2])]
fn opaque(value: &impl ToString) -> String {
    value.to_string()
}

fn main() {}
