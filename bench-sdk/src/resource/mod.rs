//! The edges to the machine, besides clocks: usage counters, signals, descriptors, fingerprints.

mod alloc;
mod callgrind;
#[cfg(feature = "load")]
mod descriptors;
mod executable;
mod exit_guard;
mod interrupt;
mod machine;
mod marked;
mod marker;
mod meter;
mod probe;
mod process;
mod program;
mod returns;
mod stdout;
mod tally;
#[cfg(feature = "load")]
mod watched;

pub use alloc::BenchAlloc;
pub(crate) use alloc::{Allocations, Counting, counts_allocations};
pub(crate) use callgrind::Callgrind;
#[cfg(feature = "load")]
pub(crate) use descriptors::make_room_for_descriptors;
pub(crate) use exit_guard::ExitGuard;
#[cfg(feature = "cli")]
pub(crate) use interrupt::hold_interrupts;
pub(crate) use interrupt::{interrupted, watch_interrupts};
pub(crate) use machine::{Course, environment};
#[cfg(feature = "cli")]
pub(crate) use machine::{Switch, switches};
pub(crate) use marked::marker_of;
pub(crate) use marker::{PAIR_PROTOCOL, mark_executable};
pub(crate) use meter::{Absent, Meter, Readings, Scope};
pub(crate) use probe::{
    Disturbance, DisturbanceWatch, Faults, PeakMemory, involuntary_switches, processor_split,
    threads_alive,
};
#[cfg(feature = "cli")]
pub(crate) use process::try_lock_exclusive;
pub(crate) use process::{
    allowed_processors, detach_stdin, die_with_parent, has_exited, kill_group, lock_exclusive,
    stay_on, terminal_width,
};
pub(crate) use program::{FreshCopy, Image, Likeness, likeness};
pub(crate) use returns::settle_returns;
pub(crate) use stdout::{give_stdout_back, take_stdout};
pub(crate) use tally::{Quantity, Tally};

#[cfg(feature = "load")]
pub(crate) use watched::{Sight, Watched, own_rss, thread_cpu_ns, thread_id};
