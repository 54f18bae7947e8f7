//! Embeddable benchmarking for Rust applications.
pub use bench_macros::hub_bench;
#[cfg(feature = "bench")]
pub mod record;
#[cfg(feature = "bench")]
pub(crate) mod stats;
