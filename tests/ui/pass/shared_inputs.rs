//! One structure for all threads.
#![deny(warnings)]

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use bench_sdk::{Bencher, ItemsCount, hub_bench};

#[hub_bench(threads = [1, 2])]
fn count(bencher: Bencher) {
    bencher
        .with_shared_inputs(AtomicU64::default)
        .bench_shared(|total| total.fetch_add(1, Ordering::Relaxed));
}

#[hub_bench(args = [10, 100], threads = true)]
fn push(bencher: Bencher, capacity: usize) {
    bencher
        .with_shared_inputs(|| Mutex::new(VecDeque::<u8>::with_capacity(capacity)))
        .counter(ItemsCount::new(1_u32))
        .bench_shared(|queue| queue.lock().map(|mut queue| queue.push_back(1)).is_ok());
}

#[hub_bench]
fn alone(bencher: Bencher) {
    let mut made = 0;
    let make = || {
        made += 1;
        made
    };
    bencher.with_shared_inputs(make).bench_shared(|number: &u64| number.to_string());
}

fn main() {}
