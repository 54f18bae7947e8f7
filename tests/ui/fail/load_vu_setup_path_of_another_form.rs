use bench_sdk::hub_bench;

fn make() -> u8 {
    1
}

#[hub_bench(vu_setup = make, load())]
async fn f(number: &mut u8) {}

fn main() {}
