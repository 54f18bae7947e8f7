//! The only place that reads clocks.

mod calibrate;
mod timer;
#[cfg(target_arch = "x86_64")]
mod tsc;
mod wall;

pub(crate) use calibrate::calibrate;
pub(crate) use timer::{Timer, TimerSpec};
pub(crate) use wall::{Stopwatch, Utc, utc_now};
