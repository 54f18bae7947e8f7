//! Pure judgements over two sides: what differs, by how much, and how sure that is.

mod blocks;
mod environment;
mod exact;
mod explain;
#[cfg(feature = "cli")]
mod load;
mod same_runs;
mod suite;
mod t_test;
mod trial;
mod units;
mod unpaired;
mod wording;
mod words;

#[cfg(test)]
mod simulate;
#[cfg(test)]
mod simulate_calls;
#[cfg(test)]
mod simulate_intervals;
#[cfg(test)]
mod simulate_power;
#[cfg(test)]
mod suite_tests;
#[cfg(test)]
mod unpaired_tests;

pub(crate) use blocks::{block_value, blocks_per_launch, launch_value};
pub(crate) use exact::{compare_exact, is_exact};
pub(crate) use explain::explain;
#[cfg(feature = "cli")]
pub(crate) use load::compare_loads;
pub(crate) use suite::{Judgement, Suite};
pub(crate) use unpaired::{BaselineRuns, compare_records};
