//! Load benches: what their functions are given, and how they become the target of a load test.

#[cfg_attr(not(feature = "load"), path = "bench_off.rs")]
mod bench;
#[cfg(feature = "load")]
mod contained;
mod made;
#[cfg_attr(not(feature = "load"), path = "once_off.rs")]
mod once;
#[cfg(feature = "load")]
mod target;
#[cfg(test)]
#[cfg(feature = "load")]
mod target_tests;
#[cfg_attr(not(feature = "load"), path = "vu_off.rs")]
mod vu;

pub use bench::{LoadBench, load_bench};
pub use made::{IsMade, Made, MayFail, nothing, shared};
pub use vu::Vu;

pub(crate) use once::run_once;
#[cfg(feature = "load")]
pub(crate) use target::BenchTarget;
