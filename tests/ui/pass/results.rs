//! Returned errors, of types that can be printed and of others.
#![deny(warnings)]

use bench_sdk::hub_bench;

pub struct Opaque;

#[hub_bench(inputs = "12")]
fn parse(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

#[hub_bench(allow_err)]
fn allowed() -> Result<u8, String> {
    Err("expected".to_owned())
}

#[hub_bench]
fn opaque() -> Result<u8, Opaque> {
    Ok(1)
}

#[hub_bench(args = [1], allow_err)]
fn allowed_with_argument(n: u8) -> Result<u8, Opaque> {
    if n == 0 { Err(Opaque) } else { Ok(n) }
}

fn main() {}
