//! Inputs that are awaited.
#![deny(warnings)]

use std::future::ready;

use bench_sdk::{bench_only, hub_bench};

#[bench_only]
async fn fetch() -> Vec<u8> {
    ready(vec![1, 2]).await
}

#[bench_only]
async fn fetch_some(count: &usize) -> Vec<u8> {
    ready(vec![1; *count]).await
}

#[bench_only]
fn make() -> Vec<u8> {
    vec![1, 2]
}

#[hub_bench(inputs = fetch)]
async fn async_path(bytes: Vec<u8>) -> usize {
    ready(bytes.len()).await
}

#[hub_bench(inputs = make)]
async fn plain_path(bytes: &[u8]) -> usize {
    ready(bytes.len()).await
}

#[hub_bench(inputs = fetch().await)]
async fn expression(bytes: &mut [u8]) {
    bytes.reverse();
    ready(()).await
}

#[hub_bench(inputs = async || (fetch().await, 3))]
async fn async_closure(bytes: &[u8], by: &usize) -> usize {
    ready(bytes.len() * by).await
}

#[hub_bench(inputs = || async { fetch().await })]
async fn closure_of_a_block(bytes: Vec<u8>) -> usize {
    ready(bytes.len()).await
}

#[hub_bench(inputs = || (0..10).collect())]
async fn plain_closure(bytes: Vec<u8>) -> usize {
    ready(bytes.len()).await
}

#[hub_bench(args = [1, 2], inputs = fetch_some)]
async fn path_of_the_argument(bytes: Vec<u8>) -> usize {
    ready(bytes.len()).await
}

#[hub_bench(args = [1, 2], inputs = async |count| fetch_some(count).await)]
async fn closure_of_the_argument(bytes: Vec<u8>) -> usize {
    ready(bytes.len()).await
}

#[hub_bench(setup = make, inputs = async |state| ready(state.len()).await)]
async fn closure_of_the_state(state: &[u8], length: usize) -> usize {
    ready(state.len() + length).await
}

#[hub_bench(setup = make, args = [1], inputs = async |state, more| state.len() + *more)]
async fn closure_of_both(length: usize) -> usize {
    ready(length).await
}

fn main() {}
