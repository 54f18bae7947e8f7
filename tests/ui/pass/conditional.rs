//! Names and attributes that could get in the way.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[hub_bench]
#[cfg(any())]
fn absent() {}

#[hub_bench]
fn r#type() {}

#[deprecated]
#[hub_bench]
fn old() -> u8 {
    1
}

macro_rules! make {
    ($name:ident, $input:ty, $value:expr) => {
        #[hub_bench(inputs = $value)]
        fn $name(value: $input) -> usize {
            value.len()
        }
    };
}

make!(from_macro, Vec<u8>, vec![1]);
make!(from_macro_borrowed, &[u8], vec![1]);

#[hub_bench(args = [2])]
fn hygiene(__arg: u64) -> u64 {
    __bencher(__arg)
}

fn __bencher(__items: u64) -> u64 {
    __items
}

#[hub_bench(inputs = __input())]
fn more_hygiene(__input: u8) -> u8 {
    __input
}

#[bench_sdk::bench_only]
fn __input() -> u8 {
    1
}

mod std {}

fn main() {}
