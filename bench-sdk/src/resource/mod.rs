//! The edges to the machine, besides clocks: usage counters, signals, descriptors, fingerprints.

mod executable;
mod interrupt;
mod machine;
mod process;
mod usage;

pub(crate) use interrupt::{interrupted, watch_interrupts};
pub(crate) use machine::environment;
pub(crate) use process::{
    detach_stdin, die_with_parent, kill_group, lock_exclusive, terminal_width,
};
pub(crate) use usage::involuntary_switches;
