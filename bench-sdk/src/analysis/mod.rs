//! Pure judgements over what was measured.

mod absence;
mod budget;
mod complexity;
mod disturbances;
mod estimate;
mod gaps;
mod kept_samples;
mod limit;
#[cfg(feature = "load")]
pub(crate) mod load;
mod notes;
mod pooling;
mod run_notes;
mod scaling;
mod sizes;
mod summary;
mod usage;
mod validity;
mod words;

#[cfg(test)]
mod fixture;

pub(crate) use absence::reason as absence_reason;
pub(crate) use budget::Budget;
pub(crate) use estimate::{interval_of_launches, launch_value};
pub(crate) use pooling::pool;
pub(crate) use run_notes::run_notes;
pub(crate) use scaling::fit_scaling;
pub(crate) use sizes::note_ignored_sizes;
pub(crate) use summary::{Conditions, Measured, broken_record, skipped_record, summarise};
pub(crate) use usage::common_absences;
