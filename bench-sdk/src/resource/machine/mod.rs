//! The machine: what it is, what limits the run on it, and what it did meanwhile.

mod build;
mod cgroup;
mod course;
mod cpu;
mod fingerprint;
mod frequency;
mod git;
mod load;
mod power;
mod root;
mod stolen;
mod throttling;
#[cfg(test)]
mod tree;
#[cfg(feature = "cli")]
mod tuning;
mod virtualisation;

pub(crate) use course::Course;
pub(crate) use fingerprint::environment;
pub(crate) use stolen::{MachineTime, Stolen};
pub(crate) use throttling::Throttling;
#[cfg(feature = "cli")]
pub(crate) use tuning::{Switch, switches};
