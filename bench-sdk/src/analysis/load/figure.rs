//! What a threshold makes of the samples of its series.

use crate::record::load::{Aggregation, Operator};
use crate::stats::{Distribution, Quantile, Series};

/// An aggregated figure, in the unit of its series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Figure {
    /// It is known.
    Known(f64),
    /// It is greater than this, the greatest value that was seen; how much greater is not known.
    Beyond(f64),
    /// It is at least this: samples that did not end count as long as the longest that did.
    AtLeast(f64),
    /// There is nothing to make it of.
    Absent,
    /// The kind of the series has no such aggregation.
    Unfit,
}

impl Figure {
    /// Whether it surely stands to the limit as the operator says.
    pub(super) fn holds(self, operator: Operator, limit: f64) -> bool {
        match self {
            Self::Known(value) | Self::AtLeast(value) => operator.holds(value, limit),
            Self::Beyond(seen) => match operator {
                Operator::Greater | Operator::GreaterOrEqual | Operator::NotEqual => seen >= limit,
                Operator::Less | Operator::LessOrEqual | Operator::Equal => false,
            },
            Self::Absent | Self::Unfit => false,
        }
    }

    /// The value, where it is one.
    pub(super) fn value(self) -> Option<f64> {
        match self {
            Self::Known(value) | Self::AtLeast(value) => Some(value),
            Self::Beyond(_) | Self::Absent | Self::Unfit => None,
        }
    }
}

/// The figure of a series over a stretch of that length.
pub(super) fn figure(aggregation: Aggregation, series: &Series, elapsed_ns: u64) -> Figure {
    use Aggregation as A;
    if series.samples() == 0 && !matches!(series, Series::Counter { .. }) {
        return Figure::Absent;
    }
    match (aggregation, series) {
        (A::Count, Series::Counter { sum, .. }) => Figure::Known(*sum),
        (A::Rate, Series::Counter { .. }) if elapsed_ns == 0 => Figure::Absent,
        (A::Rate, Series::Counter { sum, .. }) => Figure::Known(sum * 1e9 / elapsed_ns as f64),
        (A::Rate, Series::Rate { passes, samples }) => {
            Figure::Known(*passes as f64 / *samples as f64)
        }
        (A::Value, Series::Gauge { last, .. }) => Figure::Known(*last),
        (_, Series::Trend { values, .. }) => of_trend(aggregation, values, series.scale()),
        _ => Figure::Unfit,
    }
}

fn of_trend(aggregation: Aggregation, values: &Distribution, scale: f64) -> Figure {
    use Aggregation as A;
    let scaled = |value: u64| value as f64 / scale;
    let Some(seen) = values.max().map(scaled) else { return Figure::Beyond(0.0) };
    let quantile = |q| match values.quantile(q) {
        Some(Quantile::Known(value)) => Figure::Known(scaled(value)),
        Some(Quantile::Beyond) => Figure::Beyond(seen),
        None => Figure::Absent,
    };
    match aggregation {
        A::Min => values.min().map_or(Figure::Absent, |min| Figure::Known(scaled(min))),
        A::Max if values.censored() > 0 => Figure::Beyond(seen),
        A::Max => Figure::Known(seen),
        A::Avg => average(values, scale, seen),
        A::Med => quantile(0.5),
        A::Percentile(percent) => quantile(percent / 100.0),
        A::Count | A::Rate | A::Value => Figure::Unfit,
    }
}

fn average(values: &Distribution, scale: f64, seen: f64) -> Figure {
    let Some(mean) = values.mean() else { return Figure::Absent };
    let (ended, missing) = (values.count() as f64, values.censored() as f64);
    let mean = mean / scale;
    if missing == 0.0 {
        return Figure::Known(mean);
    }
    Figure::AtLeast((mean * ended + seen * missing) / (ended + missing))
}
