//! Async functions.
#![deny(warnings)]

use std::future::ready;

use bench_sdk::hub_bench;

#[hub_bench]
async fn plain() -> Result<u8, String> {
    ready(Ok(1)).await
}

#[hub_bench(args = ["a"], runtime = "current_thread")]
async fn args(text: &str) -> usize {
    ready(text.len()).await
}

#[hub_bench(args = [String::new()])]
async fn cloned(text: String) -> usize {
    ready(text.len()).await
}

#[hub_bench(inputs = vec![1, 2], runtime = "multi_thread", workers = 2)]
async fn owned(bytes: Vec<u8>) -> usize {
    ready(bytes.len()).await
}

#[hub_bench(inputs = vec![1, 2])]
async fn borrowed(bytes: &mut [u8]) -> usize {
    bytes.reverse();
    ready(bytes.len()).await
}

#[hub_bench(setup = || 3, inputs = (vec![1, 2], "a", String::new()))]
async fn mixed(seed: &usize, bytes: Vec<u8>, text: &str, buffer: &mut String) -> usize {
    buffer.push_str(text);
    ready(bytes.len() + buffer.len() + seed).await
}

fn main() {}
