//! Pure judgements over what was measured.

mod absence;
mod budget;
mod estimate;
mod limit;
mod notes;
mod summary;
mod usage;

#[cfg(test)]
mod fixture;

pub(crate) use absence::reason as absence_reason;
pub(crate) use budget::Budget;
pub(crate) use estimate::{interval_of_launches, launch_median};
pub(crate) use summary::{Conditions, Measured, broken_record, skipped_record, summarise};
pub(crate) use usage::common_absences;
