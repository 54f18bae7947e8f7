//! The only place that reads clocks.

#[cfg(feature = "load")]
mod alarm;
mod calibrate;
#[cfg(feature = "load")]
mod run_clock;
mod timer;
#[cfg(target_arch = "x86_64")]
mod tsc;
mod wall;

#[cfg(feature = "load")]
pub(crate) use alarm::Alarm;
pub(crate) use calibrate::calibrate;
#[cfg(feature = "load")]
pub(crate) use run_clock::RunClock;
pub(crate) use timer::{Timer, TimerSpec};
pub(crate) use wall::{Stopwatch, Utc, utc_now};
