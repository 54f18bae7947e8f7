use std::cell::Cell;

use bench_sdk::{Bencher, hub_bench};

#[hub_bench(threads = 2)]
fn f(bencher: Bencher) {
    bencher.with_shared_inputs(|| Cell::new(1)).bench_shared(|cell| cell.set(2));
}

fn main() {}
