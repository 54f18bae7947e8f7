//! Probes: each reads a few counters of the kernel.

mod cpu;
mod disturbance;
mod energy;
mod io;
mod memory;
mod network;
mod open;
mod perf;
#[cfg(all(feature = "perf", target_os = "linux"))]
mod perf_event;
mod proc_file;
mod usage;

use super::meter::Absent;
use super::tally::{Quantity, Tally};

pub(crate) use disturbance::{Disturbance, DisturbanceWatch};
pub(crate) use memory::PeakMemory;
pub(super) use open::open_all;
pub(crate) use usage::{Faults, involuntary_switches, processor_split, threads_alive};

/// Reads some counters.
pub(super) trait Probe: Send {
    /// What it counts.
    fn quantities(&self) -> &'static [Quantity];

    /// Whether it is read in an instant and its figures suffer when other probes are read too.
    fn is_quick(&self) -> bool {
        false
    }

    /// Adds the present state of its counters.
    fn read(&mut self, into: &mut Tally) -> Result<(), String>;
}

/// A probe, or why it does not work here.
pub(super) type Opened = Result<Box<dyn Probe>, Absent>;
