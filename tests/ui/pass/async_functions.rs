//! Async functions.
#![deny(warnings)]

use std::cell::Cell;
use std::fmt::Display;
use std::future::{Future, ready};
use std::rc::Rc;

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

#[hub_bench(inputs = String::from("a b"))]
async fn output_borrows_from_input(text: &mut str) -> Vec<&str> {
    ready(()).await;
    text.split(' ').collect()
}

#[hub_bench(args = [String::from("a")])]
async fn output_borrows_from_argument(text: &str) -> Result<&str, String> {
    ready(Ok(text)).await
}

#[hub_bench(setup = || String::from("a"), allow_err)]
async fn output_borrows_from_state(text: &str) -> Result<&str, &str> {
    ready(Err(text)).await
}

#[hub_bench(inputs = Rc::new(Cell::new(1)))]
async fn stays_on_its_thread(shared: Rc<Cell<u8>>) -> Rc<Cell<u8>> {
    let other = Rc::clone(&shared);
    ready(()).await;
    other.set(shared.get() + 1);
    other
}

#[hub_bench(types = [u8, String], consts = [1, 2], inputs = T::default())]
async fn generic<T: Default + Display, const N: usize>(value: T) -> [String; N] {
    ready(()).await;
    std::array::from_fn(|_| value.to_string())
}

#[hub_bench]
fn returns_a_future() -> impl Future<Output = u8> {
    ready(1)
}

fn main() {}
