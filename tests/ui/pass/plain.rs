//! Functions without parameters.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[hub_bench]
fn private() -> u32 {
    1 + 1
}

#[hub_bench]
pub fn public() {}

#[hub_bench()]
const fn constant() -> u8 {
    1
}

#[hub_bench]
#[must_use]
#[inline(never)]
fn attributed() -> Vec<u8> {
    vec![1]
}

fn main() {}
