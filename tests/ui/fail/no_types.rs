use bench_sdk::hub_bench;

#[hub_bench(types = [])]
fn f<T: Default>() -> T {
    T::default()
}

fn main() {}
