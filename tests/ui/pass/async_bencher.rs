//! Async methods of `Bencher`.
#![deny(warnings)]

use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;

use bench_sdk::{AsyncRuntime, Bencher, BytesCount, ItemsCount, hub_bench};

async fn length(bytes: &[u8]) -> usize {
    ready(bytes.len()).await
}

#[hub_bench]
fn a_closure_that_borrows(bencher: Bencher) {
    let bytes = vec![1, 2];
    bencher.bench_async(async || length(&bytes).await);
}

#[hub_bench]
fn a_closure_that_changes_what_it_borrows(bencher: Bencher) {
    let mut total = 0;
    bencher.bench_async(async || {
        total += length(&[1, 2]).await;
        total
    });
}

#[hub_bench]
fn a_closure_that_returns_a_future(bencher: Bencher) {
    bencher.bench_async(|| async { length(&[1, 2]).await });
}

#[hub_bench]
fn a_function(bencher: Bencher) {
    async fn nothing() {}
    bencher.bench_async(nothing);
}

#[hub_bench]
fn a_future_that_stays_on_its_thread(bencher: Bencher) {
    let calls = Rc::new(Cell::new(0));
    bencher.counter(ItemsCount::new(1_u32)).bench_async(async || {
        let calls = Rc::clone(&calls);
        ready(()).await;
        calls.set(calls.get() + 1);
    });
}

#[hub_bench(runtime = "multi_thread", workers = 2)]
fn chosen_by_the_attribute(bencher: Bencher) {
    bencher.bench_async(async || ready(()).await);
}

#[hub_bench(args = [AsyncRuntime::current_thread(), AsyncRuntime::multi_thread(2)])]
fn chosen_by_the_body(bencher: Bencher, runtime: AsyncRuntime) {
    bencher.runtime(runtime).bench_async(async || ready(()).await);
}

#[hub_bench]
fn values(bencher: Bencher) {
    bencher.with_inputs(|| vec![2, 1]).bench_async_values(async |bytes| length(&bytes).await);
}

#[hub_bench]
fn values_to_a_function(bencher: Bencher) {
    async fn owned(bytes: Vec<u8>) -> usize {
        length(&bytes).await
    }
    bencher.with_inputs(|| vec![2, 1]).bench_async_values(owned);
}

#[hub_bench]
fn refs(bencher: Bencher) {
    bencher
        .with_inputs(|| vec![2, 1])
        .input_counter(|bytes: &Vec<u8>| BytesCount::of_slice(bytes))
        .bench_async_refs(async |bytes| {
            bytes.sort_unstable();
            length(bytes).await
        });
}

#[hub_bench]
fn async_inputs(bencher: Bencher) {
    bencher
        .with_async_inputs(async || ready(vec![2, 1]).await)
        .input_counter(|bytes: &Vec<u8>| BytesCount::of_slice(bytes))
        .counter(ItemsCount::new(2_u32))
        .bench_async_refs(async |bytes| length(bytes).await);
}

#[hub_bench]
fn async_inputs_by_value(bencher: Bencher) {
    bencher
        .with_async_inputs(|| async { String::from("x") })
        .bench_async_values(async |text| length(text.as_bytes()).await);
}

fn main() {}
