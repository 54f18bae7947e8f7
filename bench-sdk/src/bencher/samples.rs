//! What one launch of one case yields, before any statistics.

use crate::record::{Counter, Warmup};
use crate::resource::{Disturbance, Faults};

/// One timed batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    /// Iterations in it.
    pub(crate) iterations: u64,
    /// Time of all of them, the clock's own cost taken off, in nanoseconds.
    pub(crate) elapsed_ns: f64,
    /// Whether the scheduler, or a quota of the cgroup, took the processor away meanwhile.
    pub(crate) voided: bool,
}

impl Sample {
    /// Time of one iteration with the loop around it, in nanoseconds.
    pub(crate) fn ns_per_iteration(&self) -> f64 {
        self.elapsed_ns / self.iterations as f64
    }
}

/// Raw samples of one launch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LaunchSamples {
    /// The very first iteration in this process, in nanoseconds.
    pub(crate) first_ns: f64,
    /// Whether it was disturbed as a voided sample is.
    pub(crate) first_voided: bool,
    /// Pages that had to be mapped meanwhile.
    pub(crate) first_faults: Option<Faults>,
    /// How warming up went.
    pub(crate) warmup: Warmup,
    /// Timed batches in the order they ran.
    pub(crate) samples: Vec<Sample>,
    /// Iterations timed one by one, in nanoseconds; empty where the clock is too coarse for it.
    pub(crate) latencies_ns: Vec<f64>,
    /// How many iterations were timed one by one; more than are kept.
    pub(crate) latencies_seen: u64,
    /// What the empty loop costs an iteration: lower and upper end, in nanoseconds.
    pub(crate) loop_ns: (f64, f64),
    /// What one iteration processes.
    pub(crate) counters: Vec<Counter>,
    /// Threads that ran the body at once.
    pub(crate) threads: u32,
    /// Whether tasks of an async benchmark ran on another thread than it asks for, because the
    /// application around it drives a runtime on this one.
    pub(crate) foreign_runtime: bool,
    /// What an iteration uses besides time, by the name of the metric.
    pub(crate) usage: Vec<(String, f64)>,
    /// Metrics that could not be had, each with the reason.
    pub(crate) absent: Vec<(String, String)>,
    /// What it takes to allocate, fill and free what an iteration without inputs allocates for
    /// itself, in nanoseconds; `None` where it does not, or where that is not known.
    pub(crate) allocating_ns: Option<f64>,
    /// What else the machine did while samples were taken.
    pub(crate) disturbance: Disturbance,
}

/// Why a case has no samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The benchmark returned an error, or cannot be run as it is declared.
    Failed { message: String },
    /// It panicked.
    Panicked { message: String },
    /// Its process ended.
    Died { message: String, output: String },
    /// It passed its deadline.
    TimedOut { message: String, output: String },
}

impl Broken {
    /// Why, in words.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Failed { message }
            | Self::Panicked { message }
            | Self::Died { message, .. }
            | Self::TimedOut { message, .. } => message,
        }
    }

    /// A failure with that text.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::Failed { message: message.into() }
    }

    /// What breaks a benchmark that was given a bencher and measured nothing with it.
    pub(crate) fn unmeasured() -> Self {
        Self::failed("it was given a `Bencher` and did not call `bench` on it")
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (word, message, output) = match self {
            Self::Failed { message } => ("failed", message, ""),
            Self::Panicked { message } => ("panicked", message, ""),
            Self::Died { message, output } => ("died", message, output.as_str()),
            Self::TimedOut { message, output } => ("timed out", message, output.as_str()),
        };
        write!(f, "{word}: {message}")?;
        if output.trim().is_empty() { Ok(()) } else { write!(f, "\n{}", output.trim_end()) }
    }
}
