//! Generic functions, a case for each type and constant.
#![deny(warnings)]

use bench_sdk::hub_bench;

#[hub_bench(types = [u8, Vec<u8>, &'static str])]
fn types<T: Default>() -> T {
    T::default()
}

#[hub_bench(consts = [1, { 1 + 1 }, SIX])]
fn consts<const N: usize>() -> [u8; N] {
    [0; N]
}

#[bench_sdk::bench_only]
const SIX: usize = 6;

#[hub_bench(types = [u8, u64], consts = [1, 2])]
fn both<T: Default + Copy, const N: usize>() -> [T; N] {
    [T::default(); N]
}

#[hub_bench(types = [u8, u64], consts = [1, 2], inputs = [T::default(); N])]
fn inputs_by_parameter<T: Default + Copy, const N: usize>(values: [T; N]) -> [T; N] {
    values
}

#[hub_bench(types = [u8, u64], args = [1, 2])]
fn args_by_parameter<T: From<u8>>(n: T) -> T {
    n
}

#[hub_bench(consts = [true, false], types = [u8])]
fn order_of_declaration<const B: bool, T: From<bool>>() -> T {
    T::from(B)
}

#[hub_bench(consts = [-1, 1])]
fn signed<'a, const I: i8>() -> &'a i8 {
    &I
}

// A list may use the parameter's own name for something else.
#[bench_sdk::bench_only]
type T = u64;
#[bench_sdk::bench_only]
const N: usize = 3;

#[hub_bench(types = [u8, T], consts = [N], args = [1])]
fn same_names<T: From<u8>, const N: usize>(n: u8) -> (T, usize) {
    (T::from(n), N)
}

fn main() {}
