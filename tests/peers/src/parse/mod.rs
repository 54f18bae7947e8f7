//! Reads what the tools write.

mod allocators;
mod cargo;
mod criterion;
mod divan;
mod own;

use serde::{Deserialize, Serialize};

pub(crate) use allocators::{Timed, timed_allocations};
pub(crate) use cargo::{executable_of, executable_of_bin, locked_version};
pub(crate) use criterion::{CriterionEstimates, criterion_estimates};
pub(crate) use divan::divan_medians;
pub(crate) use own::{OwnCase, listed_ids, own_cases, own_clock_ns};

/// A reported figure with its interval, where the tool gives one. Times in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Estimate {
    pub(crate) ns: f64,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    /// Confidence level that the tool claims for the interval.
    pub(crate) level: Option<f64>,
}
