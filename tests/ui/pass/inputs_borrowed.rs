//! Inputs taken by reference; what is returned may borrow from them.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[hub_bench(inputs = String::from("a b"))]
fn borrowed_return(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

#[hub_bench(inputs = "a b")]
fn literal(text: &str) -> Option<&str> {
    text.split(' ').next()
}

#[hub_bench(inputs = || vec![3, 1, 2])]
fn changed(numbers: &mut [u32]) -> Option<&mut u32> {
    numbers.sort_unstable();
    numbers.first_mut()
}

#[hub_bench(inputs = || vec![3, 1, 2])]
fn shared<'a>(numbers: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    numbers.iter().map(|n| n + 1)
}

fn main() {}
