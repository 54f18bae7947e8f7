//! Load tests from plan to record.

mod assembled;
mod spike;
mod stress;
mod test;

pub(crate) use stress::stress;
pub(crate) use test::{LoadTest, measure};
