//! Defaults for a module, from outside and from inside.
#![deny(warnings)]

use bench_sdk::{hub_bench, hub_bench_group};

#[hub_bench_group(name = "sorting", tags = ["slow"], sample_count = 10, max_time = "1s")]
mod sorting {
    use bench_sdk::hub_bench;

    #[hub_bench]
    fn inside() {}
}

/// Documented, and with attributes of its own.
#[hub_bench_group(ignore = "needs a network")]
pub mod empty {
    //! Nothing in here.
}

mod file {
    bench_sdk::group! {
        name = "parsing",
        ignore,
        min_time = 0.1,
    }

    #[bench_sdk::hub_bench(group = "elsewhere")]
    fn inside() {}
}

#[hub_bench]
fn outside() {}

fn main() {}
