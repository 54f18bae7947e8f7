//! The command line of a bench binary.

mod arguments;
#[allow(dead_code, reason = "not every verb follows what it waits for")]
mod comparison_output;
mod environment;
mod execute;
mod exit;
mod explain;
mod outputs;
mod usage;

pub use execute::{Target, main};

#[cfg(feature = "cli")]
pub(crate) use comparison_output::ComparisonOutput;
#[cfg(feature = "cli")]
pub(crate) use environment::Surroundings;
#[cfg(feature = "cli")]
pub(crate) use exit::Exit;
#[cfg(feature = "cli")]
pub(crate) use outputs::print;
#[cfg(feature = "cli")]
pub(crate) use usage::{UsageError, shortened};
