//! Embeddable benchmarking for Rust applications.
//!
//! Put [`#[hub_bench]`](hub_bench) on functions inside your own crates; with the feature `bench`
//! each one is registered, and a bench binary of one line measures them:
//!
//! ```
//! use bench_sdk::hub_bench;
//!
//! /// The length of the longest word.
//! #[hub_bench(args = ["a b", "the quick brown fox"])]
//! pub fn longest_word(text: &str) -> usize {
//!     text.split(' ').map(str::len).max().unwrap_or(0)
//! }
//! # fn main() { assert_eq!(longest_word("a bc"), 2); }
//! ```
//!
//! Without the feature the attribute leaves its function as it is, and this crate is nothing but a
//! handful of inert types.

mod counter;
mod macros;

#[cfg(feature = "bench")]
mod analysis;
#[cfg(feature = "bench")]
mod bencher;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "bench")]
mod clock;
#[cfg(feature = "bench")]
mod compare;
#[cfg(feature = "bench")]
mod harness;
#[cfg(feature = "bench")]
mod launch;
#[cfg(feature = "load")]
mod load;
#[cfg(feature = "bench")]
mod load_bench;
#[cfg(feature = "bench")]
mod plan;
#[cfg(feature = "bench")]
pub mod record;
#[cfg(feature = "bench")]
mod registry;
#[cfg(feature = "bench")]
pub mod report;
#[cfg(feature = "bench")]
mod resource;
#[cfg(feature = "bench")]
mod runner;
#[cfg(feature = "bench")]
mod stats;
#[cfg(feature = "bench")]
mod store;

#[cfg(not(feature = "bench"))]
#[path = "resource/alloc.rs"]
mod alloc;
#[cfg(not(feature = "bench"))]
mod off;
#[cfg(not(feature = "bench"))]
#[path = "load_bench/vu_off.rs"]
mod vu;

#[doc(hidden)]
pub mod __private;

pub use std::hint::black_box;

pub use bench_macros::{bench_only, group, hub_bench, hub_bench_group};

pub use counter::{BytesCount, CharsCount, Count, CyclesCount, ItemsCount};

#[cfg(feature = "bench")]
pub use bencher::{AsyncInputBencher, AsyncRuntime, Bencher, InputBencher, SharedInputBencher};
#[cfg(feature = "bench")]
pub use load_bench::Vu;
#[cfg(feature = "bench")]
pub use registry::Benchmark;
#[cfg(feature = "bench")]
pub use resource::BenchAlloc;
#[cfg(feature = "bench")]
pub use runner::{RunError, Runner, worker_entry};

#[cfg(not(feature = "bench"))]
pub use alloc::BenchAlloc;
#[cfg(not(feature = "bench"))]
pub use off::{AsyncInputBencher, AsyncRuntime, Bencher, InputBencher, SharedInputBencher};
#[cfg(not(feature = "bench"))]
pub use vu::Vu;
