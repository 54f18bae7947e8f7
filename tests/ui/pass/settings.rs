//! Sampling, throughput, budgets, identity.
#![deny(warnings)]

use bench_sdk::{bench_only, hub_bench};

#[bench_only]
use bench_sdk::{BytesCount, CharsCount, CyclesCount, ItemsCount};

#[bench_only]
use std::time::Duration;

#[hub_bench(
    name = "renamed",
    group = "grouped",
    tags = ["a", "b"],
    ignore = "takes long",
    sample_count = 100,
    sample_size = 1_000,
    min_time = 0.5,
    max_time = 2,
    warmup = "5ms",
    timeout = Duration::from_secs(60),
    target_ci = "1%",
    launches = LAUNCHES,
    skip_ext_time,
    counter = ItemsCount::new(3_usize),
    bytes_count = 5_000_000_000,
    thresholds = ["median < 10us", "allocs == 0", "p(99) < 2ms", "peak_rss < 64MiB"],
)]
fn everything() {}

#[bench_only]
const LAUNCHES: u32 = 3;

#[hub_bench(
    ignore,
    target_ci = 0.01,
    skip_ext_time = false,
    counters = [BytesCount::new(1_u64), CharsCount::new(2_u32)],
    items_count = ITEMS.len(),
    cycles_count = 7_u64,
    complexity = "n log n",
    args = [1, 2, 4, 8, 16],
)]
fn more(n: u64) -> u64 {
    n
}

#[bench_only]
const ITEMS: [u8; 3] = [1, 2, 3];

#[hub_bench(counter = CyclesCount::new(1_u8))]
fn other_counter() {}

fn main() {}
