//! The edges to the machine, besides clocks: usage counters, signals, descriptors, fingerprints.

mod alloc;
mod executable;
mod exit_guard;
mod interrupt;
mod machine;
mod process;
mod usage;

pub use alloc::BenchAlloc;
pub(crate) use alloc::{Allocations, counted, counts_allocations};
pub(crate) use exit_guard::ExitGuard;
pub(crate) use interrupt::{interrupted, watch_interrupts};
pub(crate) use machine::environment;
pub(crate) use process::{
    detach_stdin, die_with_parent, has_exited, kill_group, lock_exclusive, terminal_width,
};
pub(crate) use usage::involuntary_switches;
