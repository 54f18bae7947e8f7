use bench_sdk::hub_bench;

#[hub_bench(inputs = |size| vec![0; size])]
fn f(bytes: Vec<u8>) -> usize {
    bytes.len()
}

fn main() {}
