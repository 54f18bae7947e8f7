//! One step of a run's time line.

use serde::{Deserialize, Serialize};

use super::Phase;

/// What happened in one stretch of a run, usually a second.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tick {
    /// Its end, from the start of the run, in nanoseconds.
    pub at_ns: u64,
    /// How long it is, in nanoseconds.
    pub length_ns: u64,
    /// Virtual users at its end.
    pub vus: u64,
    /// Iterations under way at its end.
    pub in_flight: u64,
    /// Iterations that ended in it, failed ones included.
    pub iterations: u64,
    /// Iterations that ended in it and had failed.
    pub failed: u64,
    /// Arrivals that found no free virtual user.
    pub dropped: u64,
    /// Requests that ended in it.
    pub requests: u64,
    /// Requests among them that had failed.
    pub requests_failed: u64,
    /// Median of `response` in open scenarios, else of `iteration_duration`, in nanoseconds; none
    /// where nothing ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_ns: Option<f64>,
    /// Its 95th percentile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_ns: Option<f64>,
    /// Its 99th percentile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99_ns: Option<f64>,
    /// 99th percentile of how late iterations were sent, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lateness_p99_ns: Option<f64>,
    /// Bytes received.
    pub received: u64,
    /// Bytes sent.
    pub sent: u64,
    /// Iterations or virtual users planned on average within it: a rate in a second in open
    /// scenarios, else a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<f64>,
    /// The phase in its middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Processor time that the generator used, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator_cpu_ns: Option<u64>,
    /// Resident memory of the generator at its end, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator_rss: Option<u64>,
    /// Processor time that the target used, in nanoseconds, where it could be watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_cpu_ns: Option<u64>,
    /// Resident memory of the target at its end, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_rss: Option<u64>,
    /// Open descriptors of the target at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_descriptors: Option<u64>,
}
