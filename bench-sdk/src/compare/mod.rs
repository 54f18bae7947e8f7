//! Pure judgements over two sides: what differs, by how much, and how sure that is.

#![cfg_attr(not(test), expect(dead_code, reason = "nothing measures two sides yet"))]
#![expect(unused_imports, reason = "likewise")]

mod blocks;
mod suite;
mod trial;
mod units;
mod wording;

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

pub(crate) use blocks::{
    FEWEST_BLOCKS, MOST_BLOCKS, block_value, blocks_per_launch, launch_value, outlook,
};
pub(crate) use suite::{Judgement, Suite};
