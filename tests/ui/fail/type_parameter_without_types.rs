use bench_sdk::hub_bench;

#[hub_bench]
fn f<T: Default>() -> T {
    T::default()
}

fn main() {}
