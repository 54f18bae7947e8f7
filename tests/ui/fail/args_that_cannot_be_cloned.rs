use bench_sdk::hub_bench;

struct Input;

#[hub_bench(args = [Input])]
fn f(input: Input) {
    drop(input);
}

fn main() {}
