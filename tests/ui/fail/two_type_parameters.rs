use bench_sdk::hub_bench;

#[hub_bench(types = [u8, u16])]
fn f<A: Default, B: Default>() -> (A, B) {
    (A::default(), B::default())
}

fn main() {}
