use bench_sdk::hub_bench;

#[hub_bench(thresholds = ["energy_per_opp < 1mJ"])]
fn f() {}

fn main() {}
