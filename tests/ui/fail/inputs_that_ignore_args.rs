use bench_sdk::hub_bench;

#[hub_bench(args = [1, 2], inputs = vec![0; 10])]
fn f(bytes: Vec<u8>) -> usize {
    bytes.len()
}

fn main() {}
