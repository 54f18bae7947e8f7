//! `args` for parameters taken by value.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[hub_bench(args = [1, 2])]
fn literals(n: u64) -> u64 {
    n
}

#[hub_bench(args = ["a".into(), "b".to_owned()])]
fn strings(text: String) -> String {
    text
}

#[hub_bench(args = [(1, "a"), (2, "b")])]
fn tuples((n, text): (u8, &str)) -> usize {
    usize::from(n) + text.len()
}

#[hub_bench(args = [Some("a"), None])]
fn with_lifetime<'a>(text: Option<&'a str>) -> &'a str {
    let kept: &'a str = text.unwrap_or("nothing");
    kept
}

#[hub_bench(args = ["a"])]
fn opaque(text: impl AsRef<str> + Clone) -> usize {
    text.as_ref().len()
}

fn main() {}
