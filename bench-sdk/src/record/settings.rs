//! How a case is sampled.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Counter;

/// One layer of sampling settings; `None` leaves a value to the layer below.
///
/// ```
/// use bench_sdk::record::Settings;
///
/// let preset = Settings { launches: Some(5), ..Settings::default() };
/// let command_line = Settings { launches: Some(9), sample_count: Some(50), ..Settings::default() };
/// let merged = command_line.over(preset);
/// assert_eq!((merged.launches, merged.sample_count), (Some(9), Some(50)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Samples (timed batches) of one launch.
    pub sample_count: Option<u32>,
    /// Iterations of one sample.
    pub sample_size: Option<u32>,
    /// Least time spent sampling, over all launches.
    pub min_time: Option<Duration>,
    /// Most time spent sampling, over all launches.
    pub max_time: Option<Duration>,
    /// Most time spent warming up, in each launch.
    pub warmup: Option<Duration>,
    /// Launches are added until the interval's half width is below this ratio of the estimate.
    pub target_ci: Option<f64>,
    /// Fresh processes the case is measured in.
    pub launches: Option<u32>,
    /// Whether time outside the timed region (inputs, drops) counts towards `min_time` and
    /// `max_time`; `true` leaves it out.
    pub skip_ext_time: Option<bool>,
    /// Deadline of one launch of one case.
    pub timeout: Option<Duration>,
    /// Whether other resources than time are measured, and disturbances watched for; they are
    /// unless this is `false`.
    pub probes: Option<bool>,
    /// Whether instructions are counted too, in a launch of its own under Callgrind.
    pub instructions: Option<bool>,
    /// What one iteration processes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<Counter>,
}

impl Settings {
    /// Merges two layers; what stands in `self` wins.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            sample_count: self.sample_count.or(below.sample_count),
            sample_size: self.sample_size.or(below.sample_size),
            min_time: self.min_time.or(below.min_time),
            max_time: self.max_time.or(below.max_time),
            warmup: self.warmup.or(below.warmup),
            target_ci: self.target_ci.or(below.target_ci),
            launches: self.launches.or(below.launches),
            skip_ext_time: self.skip_ext_time.or(below.skip_ext_time),
            timeout: self.timeout.or(below.timeout),
            probes: self.probes.or(below.probes),
            instructions: self.instructions.or(below.instructions),
            counters: merged(self.counters, below.counters),
        }
    }

    /// The quick mode of `cargo test`: one launch of at most about 100 ms.
    pub fn quick() -> Self {
        Self {
            max_time: Some(Duration::from_millis(60)),
            warmup: Some(Duration::from_millis(25)),
            launches: Some(1),
            ..Self::default()
        }
    }

    /// The full mode of `cargo bench`: 8 launches, about 0.6 s of work a case in all.
    pub fn full() -> Self {
        Self {
            max_time: Some(Duration::from_millis(400)),
            warmup: Some(Duration::from_millis(25)),
            launches: Some(8),
            ..Self::default()
        }
    }
}

/// Counters of two layers: each kind once, as the upper one has it.
fn merged(mut upper: Vec<Counter>, below: Vec<Counter>) -> Vec<Counter> {
    for counter in below {
        if upper.iter().all(|other| other.kind != counter.kind) {
            upper.push(counter);
        }
    }
    upper
}

/// Settings after all layers were merged: what a case was really run with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    /// Samples of one launch, or `None` where time decides.
    pub sample_count: Option<u32>,
    /// Iterations of one sample, or `None` where they are chosen.
    pub sample_size: Option<u32>,
    /// Least time spent sampling, over all launches, in nanoseconds.
    pub min_time_ns: u64,
    /// Most time spent sampling, over all launches, in nanoseconds.
    pub max_time_ns: u64,
    /// Most time spent warming up in each launch, in nanoseconds.
    pub warmup_ns: u64,
    /// Half width of the interval, as a ratio, below which no launch is added.
    pub target_ci: Option<f64>,
    /// Launches asked for.
    pub launches: u32,
    /// Whether untimed work is left out of the time limits.
    pub skip_ext_time: bool,
    /// Deadline of one launch of the case, in nanoseconds.
    pub timeout_ns: u64,
    /// Whether other resources than time were measured, and disturbances watched for.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub probes: bool,
    /// Whether instructions were counted too, in a launch of its own under Callgrind.
    #[serde(default, skip_serializing_if = "is_no")]
    pub instructions: bool,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls takes a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls takes a reference")]
fn is_no(value: &bool) -> bool {
    !*value
}
