//! The four kinds of metrics.

use std::collections::BTreeMap;

use super::Distribution;
use crate::record::load::{MetricKind, MetricRecord, MetricUnit};

/// Series by name, or `name{tag:value}` for a part of one.
pub type Metrics = BTreeMap<String, Series>;

/// What was recorded of one metric, or of the samples of it that have certain tags.
#[derive(Clone, Debug)]
pub enum Series {
    /// A sum.
    Counter {
        /// Values added.
        samples: u64,
        /// Their sum.
        sum: f64,
        /// What they are.
        unit: MetricUnit,
    },
    /// The last value.
    Gauge {
        /// Values set.
        samples: u64,
        /// The last one.
        last: f64,
        /// The least one.
        least: f64,
        /// The greatest one.
        greatest: f64,
    },
    /// How many of all samples were not zero.
    Rate {
        /// Those that were not.
        passes: u64,
        /// All of them.
        samples: u64,
    },
    /// A distribution; values of time in nanoseconds, others in thousandths.
    Trend {
        /// Its values.
        values: Distribution,
        /// What they are.
        unit: MetricUnit,
    },
}

/// Plain numbers are kept in thousandths.
const THOUSANDTHS: f64 = 1000.0;

impl Series {
    /// A series without samples.
    pub fn empty(kind: MetricKind, unit: MetricUnit) -> Self {
        match kind {
            MetricKind::Counter => Self::Counter { samples: 0, sum: 0.0, unit },
            MetricKind::Gauge => Self::Gauge {
                samples: 0,
                last: 0.0,
                least: f64::INFINITY,
                greatest: f64::NEG_INFINITY,
            },
            MetricKind::Rate => Self::Rate { passes: 0, samples: 0 },
            MetricKind::Trend => Self::Trend { values: Distribution::default(), unit },
        }
    }

    /// Its kind.
    pub fn kind(&self) -> MetricKind {
        match self {
            Self::Counter { .. } => MetricKind::Counter,
            Self::Gauge { .. } => MetricKind::Gauge,
            Self::Rate { .. } => MetricKind::Rate,
            Self::Trend { .. } => MetricKind::Trend,
        }
    }

    /// The unit of its figures.
    pub fn unit(&self) -> MetricUnit {
        match self {
            Self::Counter { unit, .. } | Self::Trend { unit, .. } => *unit,
            Self::Gauge { .. } | Self::Rate { .. } => MetricUnit::One,
        }
    }

    /// How many samples went into it; of trends censored ones too.
    pub fn samples(&self) -> u64 {
        match self {
            Self::Counter { samples, .. }
            | Self::Gauge { samples, .. }
            | Self::Rate { samples, .. } => *samples,
            Self::Trend { values, .. } => values.samples(),
        }
    }

    /// Adds a sample; of trends one that is already a whole number of nanoseconds or thousandths
    /// is added with [`Distribution::record`]. Values that are not finite are left out.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        match self {
            Self::Counter { samples, sum, .. } => {
                *samples += 1;
                *sum += value;
            }
            Self::Gauge { samples, last, least, greatest } => {
                *samples += 1;
                (*last, *least, *greatest) = (value, least.min(value), greatest.max(value));
            }
            Self::Rate { passes, samples } => {
                *samples += 1;
                *passes += u64::from(value != 0.0);
            }
            Self::Trend { values, unit } => {
                values.record((value * divisor(*unit)).round().max(0.0) as u64);
            }
        }
    }

    /// What its values are divided by to be in its unit.
    pub fn scale(&self) -> f64 {
        divisor(self.unit())
    }

    /// Adds the samples of another series of the same kind, which came later; others are left
    /// alone.
    pub fn merge(&mut self, later: &Self) {
        match (self, later) {
            (Self::Counter { samples, sum, .. }, Self::Counter { samples: n, sum: more, .. }) => {
                *samples += n;
                *sum += more;
            }
            (
                Self::Gauge { samples, last, least, greatest },
                Self::Gauge { samples: n, last: new, least: low, greatest: high },
            ) if *n > 0 => {
                *samples += n;
                (*last, *least, *greatest) = (*new, least.min(*low), greatest.max(*high));
            }
            (Self::Rate { passes, samples }, Self::Rate { passes: more, samples: n }) => {
                *passes += more;
                *samples += n;
            }
            (Self::Trend { values, .. }, Self::Trend { values: more, .. }) => values.merge(more),
            _ => {}
        }
    }

    /// Forgets its samples and keeps its memory.
    pub fn clear(&mut self) {
        if let Self::Trend { values, .. } = self {
            values.clear();
        } else {
            *self = Self::empty(self.kind(), self.unit());
        }
    }

    /// What is kept of it in a record of a run of that length.
    pub fn record(&self, elapsed_ns: u64) -> MetricRecord {
        let mut record = MetricRecord {
            kind: self.kind(),
            unit: self.unit(),
            samples: self.samples(),
            value: None,
            per_second: None,
            range: None,
            passes: None,
            trend: None,
        };
        match self {
            Self::Counter { sum, .. } => {
                record.value = Some(*sum);
                record.per_second = per_second(*sum, elapsed_ns);
            }
            Self::Gauge { samples, last, least, greatest } if *samples > 0 => {
                record.value = Some(*last);
                record.range = Some((*least, *greatest));
            }
            Self::Gauge { .. } => {}
            Self::Rate { passes, samples } => {
                record.passes = Some(*passes);
                record.value = (*samples > 0).then(|| *passes as f64 / *samples as f64);
            }
            Self::Trend { values, .. } => record.trend = values.summary(self.scale()),
        }
        record
    }
}

/// A sum over a stretch of time as a rate; `None` where no time has passed.
fn per_second(sum: f64, elapsed_ns: u64) -> Option<f64> {
    (elapsed_ns > 0).then(|| sum * 1e9 / elapsed_ns as f64)
}

fn divisor(unit: MetricUnit) -> f64 {
    match unit {
        MetricUnit::Nanoseconds => 1.0,
        MetricUnit::Bytes | MetricUnit::One => THOUSANDTHS,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    fn with(kind: MetricKind, values: &[f64]) -> Series {
        let mut series = Series::empty(kind, MetricUnit::One);
        for value in values {
            series.add(*value);
        }
        series
    }

    #[test]
    fn each_kind_sums_up_its_samples() {
        let counter = with(MetricKind::Counter, &[2.0, 3.5]).record(2_000_000_000);
        assert_eq!((counter.value, counter.per_second), (Some(5.5), Some(2.75)));
        let gauge = with(MetricKind::Gauge, &[4.0, 1.0, 2.0]).record(1);
        assert_eq!((gauge.value, gauge.range), (Some(2.0), Some((1.0, 4.0))));
        let rate = with(MetricKind::Rate, &[1.0, 0.0, 0.0, 5.0]).record(1);
        assert_eq!((rate.value, rate.passes, rate.samples), (Some(0.5), Some(2), 4));
        let trend = with(MetricKind::Trend, &[0.5, 1.5]).record(1).trend.expect("two values");
        assert_eq!((trend.min, trend.avg, trend.max), (0.5, 1.0, 1.5));
    }

    #[test]
    fn without_samples_nothing_is_claimed() {
        for kind in [MetricKind::Gauge, MetricKind::Rate, MetricKind::Trend] {
            let record = Series::empty(kind, MetricUnit::One).record(1);
            assert_eq!((record.value, record.trend), (None, None), "{kind:?}");
        }
    }

    #[test]
    fn merging_keeps_the_later_gauge_and_adds_the_rest() {
        let mut gauge = with(MetricKind::Gauge, &[4.0]);
        gauge.merge(&with(MetricKind::Gauge, &[7.0]));
        gauge.merge(&with(MetricKind::Gauge, &[]));
        assert_eq!(gauge.record(1).value, Some(7.0));
        let mut rate = with(MetricKind::Rate, &[1.0]);
        rate.merge(&with(MetricKind::Rate, &[0.0]));
        assert_eq!(rate.record(1).value, Some(0.5));
        rate.clear();
        assert_eq!(rate.samples(), 0);
    }

    #[test]
    fn values_that_are_no_numbers_are_left_out() {
        assert_eq!(with(MetricKind::Counter, &[f64::NAN, f64::INFINITY, 1.0]).samples(), 1);
    }
}
