//! The clock that brackets timed regions.

#![expect(clippy::inline_always, reason = "a call between clock and benchmark would be timed")]

use std::time::Instant;

/// Which clock to use and how to turn its ticks into time; found once by the parent of a run and
/// handed to every worker, so that all launches are timed alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TimerSpec {
    /// Nanoseconds of one tick of the time-stamp counter; `None` for the monotonic clock.
    pub(crate) tsc_ns_per_tick: Option<f64>,
    /// Smallest step seen between two readings, in nanoseconds.
    pub(crate) precision_ns: f64,
    /// What an empty timed region shows, in nanoseconds.
    pub(crate) cost_ns: f64,
}

/// A clock ready for use. Ticks are opaque; only differences mean something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timer {
    source: Source,
    pub(crate) spec: TimerSpec,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    #[cfg(target_arch = "x86_64")]
    Tsc {
        ns_per_tick: f64,
    },
    Monotonic {
        origin: Instant,
    },
}

impl Timer {
    /// A timer of that kind; falls back to the monotonic clock where the counter is missing.
    pub(crate) fn new(spec: TimerSpec) -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(ns_per_tick) = spec.tsc_ns_per_tick {
            return Self { source: Source::Tsc { ns_per_tick }, spec };
        }
        Self { source: Source::Monotonic { origin: Instant::now() }, spec }
    }

    /// The reading that opens a timed region: nothing of the region may start before it.
    #[inline(always)]
    pub(crate) fn start(&self) -> u64 {
        match self.source {
            #[cfg(target_arch = "x86_64")]
            Source::Tsc { .. } => super::tsc::start(),
            Source::Monotonic { origin } => nanos_since(origin),
        }
    }

    /// The reading that closes a timed region: all of the region has ended before it.
    #[inline(always)]
    pub(crate) fn stop(&self) -> u64 {
        match self.source {
            #[cfg(target_arch = "x86_64")]
            Source::Tsc { .. } => super::tsc::stop(),
            Source::Monotonic { origin } => nanos_since(origin),
        }
    }

    /// Ticks in nanoseconds.
    pub(crate) fn ns(&self, ticks: u64) -> f64 {
        match self.source {
            #[cfg(target_arch = "x86_64")]
            Source::Tsc { ns_per_tick } => ticks as f64 * ns_per_tick,
            Source::Monotonic { .. } => ticks as f64,
        }
    }

    /// A length of time in ticks.
    pub(crate) fn ticks(&self, time: std::time::Duration) -> u64 {
        match self.source {
            #[cfg(target_arch = "x86_64")]
            Source::Tsc { ns_per_tick } => (time.as_nanos() as f64 / ns_per_tick).round() as u64,
            Source::Monotonic { .. } => time.as_nanos() as u64,
        }
    }

    /// Name of the clock in records.
    pub(crate) fn name(&self) -> &'static str {
        match self.source {
            #[cfg(target_arch = "x86_64")]
            Source::Tsc { .. } => "tsc",
            Source::Monotonic { .. } => "monotonic",
        }
    }
}

#[inline(always)]
fn nanos_since(origin: Instant) -> u64 {
    // 584 years fit.
    origin.elapsed().as_nanos() as u64
}
