use bench_sdk::hub_bench;

#[hub_bench]
fn f<const N: usize>() -> [u8; N] {
    [0; N]
}

fn main() {}
