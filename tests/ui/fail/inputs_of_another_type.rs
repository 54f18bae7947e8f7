use bench_sdk::hub_bench;

#[hub_bench(inputs = "text")]
fn f(size: u64) -> u64 {
    size
}

fn main() {}
