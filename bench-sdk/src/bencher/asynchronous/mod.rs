//! Async benchmarks: whole batches run inside one `block_on` of a runtime that was started before.

mod bench;
#[cfg_attr(not(feature = "tokio"), path = "no_executor.rs")]
mod executor;
mod generated;
mod inputs;
mod kind;
mod loops;
#[cfg(feature = "tokio")]
mod root;
mod runtime;

pub use executor::Entered;
pub use generated::{
    on_runtime, run_async_plain, run_async_refs, run_async_values, runtime_of, setup, teardown,
};
pub use inputs::AsyncInputBencher;
pub use kind::{Awaited, IsFuture, IsValue, Kind, Ready};
pub use loops::AsyncChunk;
pub use runtime::{AsyncRuntime, CaseRuntime};

pub(crate) use executor::outside_runtimes;
