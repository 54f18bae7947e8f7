//! Pure judgements over two sides: what differs, by how much, and how sure that is.

#![allow(
    dead_code,
    unused_imports,
    reason = "called by the gate, which not every set of features has"
)]

mod environment;
mod exact;
mod explain;
mod same_runs;
mod t_test;
mod unpaired;
mod words;

#[cfg(test)]
mod unpaired_tests;

pub(crate) use environment::differences;
pub(crate) use exact::{Exact, compare_exact, is_exact};
pub(crate) use explain::explain;
pub(crate) use unpaired::{BaselineRuns, compare_records};
