//! Arguments with and without text.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[derive(Clone, Debug)]
pub struct Printable(pub u8);

#[derive(Clone)]
pub struct Silent;

#[hub_bench(args = [Printable(1)])]
fn debug(value: Printable) -> u8 {
    value.0
}

#[hub_bench(args = [Silent, Silent])]
fn index(_: &Silent) {}

pub struct NotClone;

#[hub_bench(args = [NotClone])]
fn only_lent(_: &NotClone) {}

fn main() {
    let _ = (Printable(1), Silent, NotClone);
}
