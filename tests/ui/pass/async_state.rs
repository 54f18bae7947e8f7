//! State that is made and taken back by async functions, also for benchmarks that are not.
#![deny(warnings)]

use std::future::ready;

use bench_sdk::{Bencher, bench_only, hub_bench};

pub struct Pool(pub Vec<u8>);

#[bench_only]
async fn connect() -> Pool {
    ready(Pool(vec![1, 2])).await
}

#[bench_only]
fn connecting() -> impl std::future::Future<Output = Pool> {
    connect()
}

#[bench_only]
async fn close(pool: Pool) {
    ready(pool).await;
}

#[bench_only]
fn close_at_once(pool: Pool) {
    drop(pool);
}

#[hub_bench(setup = connect, teardown = close)]
async fn query(pool: &Pool) -> &[u8] {
    ready(pool.0.as_slice()).await
}

#[hub_bench(
    setup = connecting,
    teardown = close_at_once,
    inputs = 3,
    runtime = "multi_thread",
    workers = 2
)]
async fn query_with_input(pool: &Pool, more: usize) -> usize {
    ready(pool.0.len() + more).await
}

#[hub_bench(setup = async || Pool(Vec::new()), teardown = async |pool| close(pool).await)]
async fn closures(pool: &Pool) -> usize {
    ready(pool.0.len()).await
}

#[hub_bench(setup = connect, teardown = close)]
fn plain(pool: &Pool) -> usize {
    pool.0.len()
}

#[hub_bench(setup = connect, inputs = |pool| pool.0.clone(), threads = [1, 2])]
fn on_threads(bytes: Vec<u8>) -> usize {
    bytes.len()
}

#[hub_bench(setup = connect, teardown = close, args = [1, 2], runtime = "current_thread")]
fn with_bencher(bencher: Bencher, pool: &Pool, n: usize) {
    bencher.bench_async(async || ready(pool.0.len()).await + n);
}

#[bench_only]
async fn disconnect(pool: Pool) -> Result<(), std::io::Error> {
    ready(pool).await;
    Ok(())
}

#[hub_bench(setup = connect, teardown = disconnect)]
fn not_taken() {}

#[hub_bench(setup = || 3)]
fn a_number(number: &u64) -> u64 {
    *number
}

fn main() {
    drop(Pool(Vec::new()));
}
