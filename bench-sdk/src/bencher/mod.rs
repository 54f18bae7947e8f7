//! The timed loop: from a function to raw samples of one launch.

mod bench;
mod body;
mod context;
mod inputs;
mod instructions;
mod loops;
mod metered;
mod overhead;
mod probe;
mod replay;
mod resources;
mod samples;
mod sampling;
#[cfg(test)]
mod sampling_tests;
mod shared;

pub use bench::Bencher;
pub use inputs::InputBencher;
pub use loops::Chunk;
pub use probe::*;

pub use shared::{
    finish, run_plain, run_plain_shared, run_refs, run_refs_shared, run_values, run_values_shared,
    setup, teardown,
};

pub(crate) use context::{Context, ProcessGauge};
pub(crate) use overhead::{Overhead, anchor_ns, measure_overhead};
pub(crate) use samples::{Broken, LaunchSamples, Sample};
pub(crate) use sampling::Sampling;
