//! Pure judgements over two sides: what differs, by how much, and how sure that is.

mod blocks;
mod exact;
mod explain;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod simulate_calls;
#[cfg(test)]
mod simulate_intervals;
#[cfg(test)]
mod simulate_power;
mod suite;
mod trial;
mod units;
mod wording;
mod words;

pub(crate) use blocks::{block_value, blocks_per_launch, launch_value};
pub(crate) use exact::{compare_exact, is_exact};
pub(crate) use explain::explain;
pub(crate) use suite::{Judgement, Suite};
