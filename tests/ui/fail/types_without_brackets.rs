use bench_sdk::hub_bench;

#[hub_bench(types = u8)]
fn f<T: Default>() -> T {
    T::default()
}

fn main() {}
