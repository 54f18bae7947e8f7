use bench_sdk::hub_bench;

#[hub_bench]
fn f() -> ! {
    loop {}
}

fn main() {}
