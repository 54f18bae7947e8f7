use bench_sdk::hub_bench;

#[hub_bench]
pub struct Queue {
    items: Vec<u8>,
}

fn main() {}
