//! Pure judgements over what was measured.

mod budget;
mod complexity;
mod estimate;
mod notes;
mod scaling;
mod summary;

pub(crate) use budget::Budget;
pub(crate) use estimate::{interval_of_launches, launch_median};
pub(crate) use scaling::fit_scaling;
pub(crate) use summary::{Conditions, Measured, broken_record, skipped_record, summarise};
