//! What was counted and timed.

use serde::{Deserialize, Serialize};

/// One metric at the end of a run. Which of the optional fields are there depends on its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricRecord {
    /// What kind it is.
    pub kind: MetricKind,
    /// The unit of its figures.
    pub unit: MetricUnit,
    /// Samples that went into it.
    pub samples: u64,
    /// Counter: the sum. Gauge: the last value. Rate: the share, between 0 and 1. None of trends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Counter: the sum in a second of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_second: Option<f64>,
    /// Gauge: the least and the greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
    /// Rate: how many samples were not zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passes: Option<u64>,
    /// Trend: its distribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<TrendSummary>,
}

/// The kinds of metrics, with k6's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricKind {
    /// A sum.
    Counter,
    /// The last value.
    Gauge,
    /// The share of samples that are not zero.
    Rate,
    /// A distribution.
    Trend,
}

/// The unit of the figures of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MetricUnit {
    /// Nanoseconds.
    #[serde(rename = "ns")]
    Nanoseconds,
    /// Bytes.
    #[serde(rename = "B")]
    Bytes,
    /// A plain number.
    #[serde(rename = "1")]
    One,
}

/// A distribution. Percentiles that lie among the censored samples are `None`: they are longer
/// than anything that was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrendSummary {
    /// Samples that ended, and were measured.
    pub count: u64,
    /// Samples that were dropped or interrupted: known to be longer than any that ended.
    #[serde(default)]
    pub censored: u64,
    /// The least.
    pub min: f64,
    /// The mean of those that ended.
    pub avg: f64,
    /// The greatest of those that ended.
    pub max: f64,
    /// The median.
    pub med: Option<f64>,
    /// The 90th percentile.
    pub p90: Option<f64>,
    /// The 95th percentile.
    pub p95: Option<f64>,
    /// The 99th percentile.
    pub p99: Option<f64>,
    /// The percentile curve, from low to high; where samples are censored it ends early.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curve: Vec<QuantilePoint>,
}

/// A point of a percentile curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuantilePoint {
    /// The share of samples at or below, between 0 and 1.
    pub q: f64,
    /// The value there.
    pub value: f64,
}
