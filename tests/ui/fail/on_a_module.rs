use bench_sdk::hub_bench;

#[hub_bench]
mod inner {
    fn f() {}
}

fn main() {}
