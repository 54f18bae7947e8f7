use bench_sdk::hub_bench;

#[hub_bench(setup = Vec::<u8>::new)]
fn f(state: &mut Vec<u8>) {
    state.push(1);
}

fn main() {}
