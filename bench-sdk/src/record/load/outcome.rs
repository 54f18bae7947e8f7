//! The record of one load test; `load.json` is this value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{LoadKind, LoadPlan, MetricRecord, Tick};
use crate::record::{Environment, Note};

/// Number of the layout of `load.json` that this version reads and writes.
pub const LOAD_SCHEMA: u32 = 1;

/// Everything known of one load test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadRecord {
    /// Layout number, [`LOAD_SCHEMA`].
    pub schema: u32,
    /// The run as a whole.
    pub run: LoadRun,
    /// Where it took place.
    pub environment: Environment,
    /// What was asked for.
    pub plan: LoadPlan,
    /// What became of each scenario, in the plan's order.
    pub scenarios: Vec<ScenarioRecord>,
    /// Metrics by name, or `name{tag:value}` where a threshold asked for a part of one.
    pub metrics: BTreeMap<String, MetricRecord>,
    /// Thresholds, in the plan's order.
    pub thresholds: Vec<ThresholdRecord>,
    /// Checks, in the order of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckRecord>,
    /// Errors by kind, the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorRecord>,
    /// The course of the run, a tick each second.
    pub timeline: Vec<Tick>,
    /// How the side that makes the load did.
    pub generator: GeneratorRecord,
    /// How the target did, where it could be watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetRecord>,
    /// What a stress test found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// What a spike test found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// Remarks in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// A load test as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadRun {
    /// `YYYYMMDD_HHMMSS_xxxx`, also the name of its folder.
    pub id: String,
    /// When it started, in UTC.
    pub started_at: String,
    /// How long it took, in nanoseconds.
    pub duration_ns: u64,
    /// What the load went to: an address, or the id of a load bench.
    pub target: String,
    /// What it was a test of.
    pub kind: LoadKind,
    /// Whether it was stopped by hand before its end.
    #[serde(default)]
    pub interrupted: bool,
    /// The threshold or error that ended it early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aborted: Option<String>,
    /// The run that a comparison looks at is one that nothing speaks against: requests were made,
    /// not all of them failed, and every threshold held.
    pub passed: bool,
}

/// What became of one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioRecord {
    /// Its name.
    pub name: String,
    /// Iterations that it planned, where that is known beforehand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<u64>,
    /// Iterations that ran to their end, failed ones included.
    pub full: u64,
    /// Full iterations that had failed.
    pub failed: u64,
    /// Iterations that were cut off.
    pub interrupted: u64,
    /// Iterations that were planned and never began.
    pub dropped: u64,
    /// The most virtual users at a time.
    pub vus_max: u64,
}

/// What became of one threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThresholdRecord {
    /// The metric, with its tags: `http_req_duration{status:200}`.
    pub metric: String,
    /// The expression as it was written.
    pub expression: String,
    /// Whether it held.
    pub passed: bool,
    /// What it was compared with, in the metric's unit; none without samples, and where the figure
    /// is beyond all that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Samples it rests on.
    pub samples: u64,
    /// Why it failed where the figure does not tell, or what to know about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How often a check held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckRecord {
    /// Its name.
    pub name: String,
    /// How often it held.
    pub passes: u64,
    /// How often it did not.
    pub fails: u64,
}

/// How often iterations or requests failed in one way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorRecord {
    /// `connection_refused`, `connection_reset`, `timeout`, `status_500`, ..
    pub kind: String,
    /// How often.
    pub count: u64,
    /// The first one, in words.
    pub example: String,
}

/// How the side that makes the load did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneratorRecord {
    /// Threads that ran virtual users.
    pub threads: u32,
    /// Processor time it used, as a share of what its threads could have used, between 0 and 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_share: Option<f64>,
    /// Processor time for each iteration, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ns_per_iteration: Option<f64>,
    /// Its greatest resident memory, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_rss: Option<u64>,
    /// Whether it was the limit, so that nothing can be said about the target's capacity.
    pub limited: bool,
    /// Why it is thought so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// How the target did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TargetRecord {
    /// What was watched: `process 4711`, `cgroup /sys/fs/cgroup/api`.
    pub watched: String,
    /// Processors it used on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processors: Option<f64>,
    /// Its processor time for each iteration, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ns_per_iteration: Option<f64>,
    /// Its greatest resident memory, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_rss: Option<u64>,
    /// The most descriptors it had open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_descriptors: Option<u64>,
    /// What could not be watched, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
}

/// How much a target can bear, as a stress test found it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    /// The highest rate that still met the thresholds, confirmed in a second window, in iterations
    /// a second; none where no rate did, or where the generator was the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knee_per_second: Option<f64>,
    /// Whether the confirming window met the thresholds too.
    pub confirmed: bool,
    /// The first rate that did not meet them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at_per_second: Option<f64>,
    /// What was tried, in order.
    pub probes: Vec<Probed>,
    /// The scalability law fitted to them, where it could be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<crate::record::ScalabilityLaw>,
    /// The verdict in words.
    pub words: String,
}

/// One rate that a stress test tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probed {
    /// Rate planned, in iterations a second.
    pub planned_per_second: f64,
    /// Rate reached: full iterations that had not failed, a second.
    pub reached_per_second: f64,
    /// Iterations under way on average.
    pub in_flight: f64,
    /// 95th percentile of response, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_ns: Option<f64>,
    /// Share of iterations that failed or were dropped, between 0 and 1.
    pub failed: f64,
    /// Whether the thresholds held.
    pub passed: bool,
    /// Whether the generator was the limit.
    pub limited: bool,
}

/// How a target came back after a spike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// From the end of the spike until response was back, in nanoseconds; none where it was not
    /// back by the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered_after_ns: Option<u64>,
    /// 95th percentile of response before the spike, in nanoseconds, with its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_p95_ns: Option<(f64, f64, f64)>,
    /// The greatest 95th percentile of a second that touches the spike, in nanoseconds; none where a
    /// second dropped arrivals or had no answers, which has no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spike_p95_ns: Option<f64>,
    /// The verdict in words.
    pub words: String,
}
