use bench_sdk::hub_bench;

#[hub_bench(args(1, 2))]
fn f(n: u8) -> u8 {
    n
}

fn main() {}
