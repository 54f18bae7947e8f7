use bench_sdk::hub_bench;

#[hub_bench(setup = make())]
fn f(state: &u8) -> u8 {
    *state
}

fn make() -> u8 {
    1
}

fn main() {}
