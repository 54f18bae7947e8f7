//! Results on disk.

mod atomic;
mod folder;
#[cfg(feature = "cli")]
mod reading;
mod runs;

pub(crate) use folder::{results_dir, workspace_of};
#[cfg(feature = "cli")]
pub(crate) use reading::{Place, find_runs};
pub(crate) use runs::{RunStore, StoreError};
