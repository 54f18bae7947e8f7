use bench_sdk::hub_bench;

async fn connect() -> String {
    String::new()
}

#[hub_bench(setup = connect)]
async fn f(pool: &Vec<u8>) -> usize {
    pool.len()
}

fn main() {}
