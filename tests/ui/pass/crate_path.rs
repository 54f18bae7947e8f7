//! The runtime under another name.
#![deny(warnings)]

pub mod dependencies {
    pub use bench_sdk as sdk;
}

use crate::dependencies::sdk::{bench_only, group, hub_bench, hub_bench_group};

#[hub_bench(crate = crate::dependencies::sdk, args = [1, 2], inputs = make)]
fn renamed(n: u8) -> u8 {
    n
}

#[bench_only(crate = crate::dependencies::sdk)]
fn make(n: &u8) -> u8 {
    *n
}

#[hub_bench_group(crate = crate::dependencies::sdk, launches = 2)]
mod grouped {}

group!(crate = ::bench_sdk, launches = 2);

fn main() {}
