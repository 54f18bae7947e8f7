//! One measured quantity of a case.

use serde::{Deserialize, Serialize};

/// Names under which metrics stand in a [`CaseRecord`](super::CaseRecord).
pub mod metric_name {
    /// Wall time of one iteration: the median of the launch medians, in nanoseconds.
    pub const TIME: &str = "time";
    /// The fastest batch, in nanoseconds an iteration.
    pub const TIME_MIN: &str = "time_min";
    /// The mean of all batches, voided ones left out, in nanoseconds an iteration.
    pub const TIME_MEAN: &str = "time_mean";
    /// The median latency of iterations timed one by one, in nanoseconds.
    pub const TIME_P50: &str = "time_p50";
    /// The 95th percentile of latency, in nanoseconds.
    pub const TIME_P95: &str = "time_p95";
    /// The 99th percentile of latency, in nanoseconds.
    pub const TIME_P99: &str = "time_p99";
    /// Items a second.
    pub const THROUGHPUT_ITEMS: &str = "throughput_items";
    /// Bytes a second.
    pub const THROUGHPUT_BYTES: &str = "throughput_bytes";
    /// Characters a second.
    pub const THROUGHPUT_CHARS: &str = "throughput_chars";
    /// Cycles a second.
    pub const THROUGHPUT_CYCLES: &str = "throughput_cycles";
    /// Allocations an iteration, on all threads.
    pub const ALLOCS: &str = "allocs";
    /// Bytes allocated an iteration, on all threads.
    pub const ALLOC_BYTES: &str = "alloc_bytes";
}

/// An estimate with its interval, where there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// The unit of all figures in here.
    pub unit: Unit,
    /// Which direction is an improvement.
    pub better: Better,
    /// The figure itself; always finite.
    pub estimate: f64,
    /// Lower end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Confidence level of the interval, between 0 and 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// How many samples the estimate rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<u64>,
}

impl Metric {
    /// A figure without an interval.
    pub fn point(unit: Unit, better: Better, estimate: f64) -> Self {
        Self { unit, better, estimate, low: None, high: None, level: None, samples: None }
    }

    /// Half the width of the interval as a ratio of the estimate; `None` without an interval or
    /// where the estimate is zero.
    ///
    /// ```
    /// use bench_sdk::record::{Better, Metric, Unit};
    ///
    /// let mut time = Metric::point(Unit::Nanoseconds, Better::Lower, 100.0);
    /// assert_eq!(time.half_width(), None);
    /// (time.low, time.high) = (Some(99.0), Some(101.0));
    /// assert_eq!(time.half_width(), Some(0.01));
    /// ```
    pub fn half_width(&self) -> Option<f64> {
        let (low, high) = (self.low?, self.high?);
        (self.estimate != 0.0).then(|| (high - low) / 2.0 / self.estimate.abs())
    }
}

/// The unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// `ns`
    #[serde(rename = "ns")]
    Nanoseconds,
    /// `B`
    #[serde(rename = "B")]
    Bytes,
    /// `1/s`
    #[serde(rename = "1/s")]
    PerSecond,
    /// `B/s`
    #[serde(rename = "B/s")]
    BytesPerSecond,
    /// `1`, a plain count or ratio
    #[serde(rename = "1")]
    One,
}

impl Unit {
    /// The symbol that stands in files.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Bytes => "B",
            Self::PerSecond => "1/s",
            Self::BytesPerSecond => "B/s",
            Self::One => "1",
        }
    }
}

/// Which direction of a metric is an improvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// Less is better: time, memory.
    Lower,
    /// More is better: throughput.
    Higher,
}
