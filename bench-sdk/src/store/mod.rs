//! Results on disk.

mod atomic;
mod folder;
#[cfg(feature = "cli")]
mod lock;
mod runs;

#[cfg(feature = "cli")]
pub(crate) use atomic::write_atomically;
pub(crate) use folder::{results_dir, workspace_of};
#[cfg(feature = "cli")]
pub(crate) use lock::{lock_file, try_lock_file};
#[cfg(feature = "cli")]
pub(crate) use runs::read_run;
pub(crate) use runs::{RunStore, StoreError};
