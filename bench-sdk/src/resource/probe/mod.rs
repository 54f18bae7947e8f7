//! Probes: each reads a few counters of the kernel.

mod cgroup;
mod cpu;
mod disturbance;
mod io;
mod memory;
mod network;
mod open;
mod proc_file;
mod usage;

use super::meter::Absent;
use super::tally::{Quantity, Tally};

pub(crate) use disturbance::{Disturbance, DisturbanceWatch};
pub(crate) use memory::PeakMemory;
pub(super) use open::open_all;
pub(crate) use usage::{Faults, involuntary_switches};

/// Reads some counters.
pub(super) trait Probe: Send {
    /// What it counts.
    fn quantities(&self) -> &'static [Quantity];

    /// Adds the present state of its counters.
    fn read(&mut self, into: &mut Tally) -> Result<(), String>;
}

/// A probe, or why it does not work here.
pub(super) type Opened = Result<Box<dyn Probe>, Absent>;
