use bench_sdk::hub_bench;

#[hub_bench(launches = 0, max_time = "soon", teardown = drop)]
fn f(size: usize) -> usize {
    size
}

fn main() {}
