use bench_sdk::hub_bench;

#[hub_bench(inputs = async || vec![1])]
fn f(bytes: Vec<u8>) -> usize {
    bytes.len()
}

fn main() {}
