//! Several parameters take their inputs from a tuple.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[hub_bench(inputs = (vec![1], String::from("x")))]
fn owned(bytes: Vec<u8>, text: String) -> (Vec<u8>, String) {
    (bytes, text)
}

#[hub_bench(inputs = || (vec![1], String::from("x")))]
fn borrowed<'a>(bytes: &mut Vec<u8>, text: &'a str) -> &'a str {
    bytes.push(1);
    text
}

#[hub_bench(inputs = (vec![1], String::from("x"), "y"))]
fn mixed(bytes: Vec<u8>, text: &mut String, more: &str) -> usize {
    text.push_str(more);
    bytes.len() + text.len()
}

fn main() {}
