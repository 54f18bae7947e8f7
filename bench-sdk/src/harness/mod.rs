//! The command line of a bench binary.

mod arguments;
mod environment;
mod execute;
mod exit;
mod explain;
mod outputs;
mod usage;

pub use execute::{Target, main};

#[cfg(feature = "cli")]
pub(crate) use exit::Exit;
#[cfg(feature = "cli")]
pub(crate) use outputs::print;
#[cfg(feature = "cli")]
pub(crate) use usage::{UsageError, shortened};
