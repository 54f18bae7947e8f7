//! Results on disk.

mod atomic;
mod folder;
mod runs;

pub(crate) use folder::{results_dir, workspace_of};
pub(crate) use runs::{RunStore, StoreError};
