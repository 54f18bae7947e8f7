//! Pure judgements over two sides: what differs, by how much, and how sure that is.

mod blocks;
mod exact;
mod explain;
mod suite;
mod trial;

#[cfg(test)]
mod simulate;

pub(crate) use blocks::{block_value, blocks_per_launch, launch_value, outlook};
pub(crate) use exact::compare_exact;
pub(crate) use explain::explain;
pub(crate) use suite::{Judgement, Suite};
