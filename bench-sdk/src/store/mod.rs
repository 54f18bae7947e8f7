//! Results on disk.

mod atomic;
mod baseline_file;
mod baseline_name;
mod baseline_save;
mod baselines;
#[cfg(feature = "cli")]
mod comparisons;
mod error;
mod executable_copy;
mod files;
mod folder;
#[cfg(feature = "cli")]
mod following;
#[cfg(feature = "load")]
mod loads;
mod lock;
mod noise;
mod output;
mod pooling;
mod progress;
#[cfg(feature = "cli")]
mod reading;
mod runs;

#[cfg(test)]
mod baseline_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod output_tests;

#[cfg(feature = "cli")]
pub(crate) use atomic::write_atomically;
pub(crate) use baseline_name::BaselineName;
pub(crate) use baseline_save::{Save, Saved};
pub(crate) use baselines::{Baseline, BaselineStore, BaselineSummary};
pub(crate) use error::StoreError;
pub(crate) use executable_copy::{ExecutableCopy, ExecutableSource};
pub(crate) use folder::{results_dir, workspace_of};
#[cfg(feature = "cli")]
pub(crate) use following::{Following, Told};
#[cfg(feature = "cli")]
pub(crate) use loads::read_load;
#[cfg(feature = "cli")]
pub(crate) use lock::{lock_file, try_lock_file};
pub(crate) use output::{GrowingFile, check_writable, is_device, place_of, replace};
pub(crate) use pooling::{Pooling, with_figures};
#[cfg(feature = "cli")]
pub(crate) use reading::{Place, find_runs};
pub(crate) use runs::RunStore;
#[cfg(feature = "cli")]
pub(crate) use runs::read_run;
