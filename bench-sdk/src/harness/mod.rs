//! The command line of a bench binary.

mod arguments;
mod environment;
mod execute;
mod exit;
mod explain;
mod outputs;
#[cfg(feature = "cli")]
mod shared_outputs;
mod usage;

pub use execute::{Target, main};

#[cfg(feature = "cli")]
pub(crate) use environment::{RUN_ID, called_from, results_dir};

#[cfg(feature = "cli")]
pub(crate) use exit::Exit;
#[cfg(feature = "cli")]
pub(crate) use outputs::print;
#[cfg(feature = "cli")]
pub(crate) use shared_outputs::SharedOutputs;
#[cfg(feature = "cli")]
pub(crate) use usage::{UsageError, is_option, shortened};
