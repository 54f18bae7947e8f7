//! One measured quantity of a case.

use serde::{Deserialize, Serialize};

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

    /// A figure of a metric that [`describe`](super::metric_name::describe) knows; `None` for an
    /// unknown name and for a figure that is not finite.
    pub(crate) fn named(name: &str, estimate: f64) -> Option<Self> {
        let what = super::metric_name::describe(name)?;
        estimate.is_finite().then(|| Self::point(what.unit, what.better, estimate))
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
    /// `J`
    #[serde(rename = "J")]
    Joules,
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
            Self::Joules => "J",
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
