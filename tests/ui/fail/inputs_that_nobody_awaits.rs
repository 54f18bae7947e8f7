use bench_sdk::hub_bench;

async fn fetch() -> Vec<u8> {
    vec![1]
}

#[hub_bench(inputs = fetch())]
async fn f(bytes: Vec<u8>) -> usize {
    bytes.len()
}

fn main() {}
