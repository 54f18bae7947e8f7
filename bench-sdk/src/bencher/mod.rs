//! The timed loop: from a function to raw samples of one launch.

mod amounts;
mod asynchronous;
mod bench;
mod body;
mod context;
mod gate;
mod inputs;
mod instructions;
mod loops;
mod metered;
mod overhead;
mod paced;
mod panic_text;
mod probe;
mod replay;
mod resources;
mod samples;
mod sampling;
#[cfg(test)]
mod sampling_tests;
mod shared;
mod structure;
mod timed;

pub use amounts::Amounts;
pub use asynchronous::{
    AsyncChunk, AsyncInputBencher, AsyncRuntime, Awaited, CaseRuntime, Entered, IsFuture, IsValue,
    Kind, Ready, on_runtime, run_async_plain, run_async_refs, run_async_values, runtime_of, setup,
    teardown,
};
pub use bench::Bencher;
pub use inputs::{CountInput, InputBencher, Uncounted};
pub use loops::Chunk;
pub use probe::*;

pub use structure::SharedInputBencher;

pub use shared::{
    finish, run_plain, run_plain_shared, run_refs, run_refs_shared, run_values, run_values_shared,
};

pub(crate) use asynchronous::outside_runtimes;
pub(crate) use context::{Context, ProcessGauge};
pub(crate) use overhead::{Overhead, anchor_ns, measure_overhead};
pub(crate) use paced::{BatchPlan, BatchSize, Pace, Paced, Pacer};
pub(crate) use panic_text::panic_text;
pub(crate) use samples::{Broken, LaunchSamples, Sample};
pub(crate) use sampling::Sampling;
