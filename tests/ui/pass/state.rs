//! State made once a launch.
#![deny(warnings)]

use bench_sdk::{Bencher, bench_only, hub_bench};

pub struct Pool(pub Vec<u8>);

#[bench_only]
fn open() -> Pool {
    Pool(vec![1, 2])
}

#[bench_only]
fn close(pool: Pool) {
    drop(pool);
}

#[hub_bench(setup = open, teardown = close)]
fn lent(pool: &Pool) -> &[u8] {
    &pool.0
}

#[hub_bench(setup = || String::from("x"))]
fn made_by_closure(text: &str) -> usize {
    text.len()
}

#[hub_bench(setup = open)]
fn not_taken() {}

#[hub_bench(setup = open, teardown = close, inputs = |pool| pool.0.clone())]
fn for_inputs(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

#[hub_bench(setup = open, inputs = |pool| pool.0.clone())]
fn with_inputs(pool: &Pool, bytes: &mut [u8]) -> usize {
    bytes.reverse();
    pool.0.len()
}

#[hub_bench(setup = open, args = [1, 2])]
fn with_args(pool: &Pool, n: usize) -> usize {
    pool.0.len() + n
}

#[hub_bench(setup = open, args = [1, 2], inputs = |pool, n| vec![pool.0.len(); *n])]
fn with_args_for_inputs(sizes: &[usize]) -> usize {
    sizes.len()
}

#[hub_bench(setup = open, args = [1, 2])]
fn with_bencher(bencher: Bencher, pool: &Pool, n: usize) {
    bencher.bench(|| pool.0.len() + n);
}

fn main() {
    drop(Pool(Vec::new()));
}
