//! Two load tests side by side.

use serde::{Deserialize, Serialize};

use super::MetricUnit;

/// Figures of two load tests, without a verdict: one run each has no interval, and the seconds of
/// one run are not independent of each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadComparison {
    /// Id of the run that is compared against.
    pub baseline: String,
    /// Id of the run that is looked at.
    pub candidate: String,
    /// What is compared, in the order it is read in.
    pub figures: Vec<LoadFigure>,
    /// What to know before anything is made of it, in words.
    pub remarks: Vec<String>,
}

/// One figure of both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadFigure {
    /// `rate`, `failed`, `response p95`, ..
    pub name: String,
    /// The unit of both; of `rate` it is a number in a second.
    pub unit: MetricUnit,
    /// The baseline's; none where it is not known, or beyond all that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    /// The candidate's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<f64>,
    /// Candidate over baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// In how many ticks the candidate was above the baseline at the same time of the run, and in how
    /// many it was below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticks: Option<(u64, u64)>,
}
