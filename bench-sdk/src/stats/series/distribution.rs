//! A distribution of many values in little memory.

use hdrhistogram::Histogram;

use crate::record::load::{QuantilePoint, TrendSummary};

/// Digits to which values are kept: 0.1 %.
const DIGITS: u8 = 3;
/// The greatest value kept apart; whatever is greater counts as this much. 24 hours in nanoseconds.
const GREATEST: u64 = 86_400_000_000_000;
/// Points of a percentile curve in each halving of what is left.
const POINTS_A_HALVING: u32 = 5;

/// Values as whole numbers, kept to three digits, and those of which only is known that they are
/// greater than any that was seen. Memory does not grow with the number of values; distributions
/// add up exactly.
///
/// Buckets after G. Tene, `HdrHistogram` (2012). Censored values after the treatment of type I
/// censoring in survival analysis: a quantile is known as long as it lies among those that ended.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// None until the first value: most distributions of a run stay empty.
    histogram: Option<Box<Histogram<u64>>>,
    sum: u128,
    least: u64,
    greatest: u64,
    censored: u64,
}

/// A quantile of a distribution some values of which are only known to be great.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantile {
    /// It is known, to three digits.
    Known(u64),
    /// It is greater than everything that was seen.
    Beyond,
}

impl Quantile {
    /// The value, where it is known.
    pub fn known(self) -> Option<u64> {
        match self {
            Self::Known(value) => Some(value),
            Self::Beyond => None,
        }
    }
}

impl Default for Distribution {
    fn default() -> Self {
        Self { histogram: None, sum: 0, least: u64::MAX, greatest: 0, censored: 0 }
    }
}

impl Distribution {
    /// Adds a value.
    pub fn record(&mut self, value: u64) {
        self.record_many(value, 1);
    }

    /// Adds a value several times.
    pub fn record_many(&mut self, value: u64, times: u64) {
        if times == 0 {
            return;
        }
        self.sum += u128::from(value) * u128::from(times);
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
        if self.histogram.is_none() {
            self.histogram = empty_histogram().map(Box::new);
        }
        if let Some(histogram) = &mut self.histogram {
            // Cannot fail: values are cut to what the histogram, which grows by itself, takes.
            let _ = histogram.record_n(value.min(GREATEST), times);
        }
    }

    /// Adds a value of which only is known that it is greater than any that ended.
    pub fn record_censored(&mut self, times: u64) {
        self.censored += times;
    }

    /// How many values ended.
    pub fn count(&self) -> u64 {
        self.histogram.as_ref().map_or(0, |histogram| histogram.len())
    }

    /// How many are only known to be great.
    pub fn censored(&self) -> u64 {
        self.censored
    }

    /// All values, censored ones included.
    pub fn samples(&self) -> u64 {
        self.count() + self.censored
    }

    /// The least value that ended.
    pub fn min(&self) -> Option<u64> {
        (self.count() > 0).then_some(self.least)
    }

    /// The greatest value that ended.
    pub fn max(&self) -> Option<u64> {
        (self.count() > 0).then_some(self.greatest)
    }

    /// The mean of those that ended.
    pub fn mean(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.sum as f64 / count as f64)
    }

    /// The value at or below which that share of all values lies, censored ones included; `None`
    /// without any. The nearest rank: the smallest value whose rank is at least `q` times the
    /// number of values.
    pub fn quantile(&self, q: f64) -> Option<Quantile> {
        let samples = self.samples();
        if samples == 0 || !q.is_finite() {
            return None;
        }
        let rank = ((q.clamp(0.0, 1.0) * samples as f64).ceil() as u64).clamp(1, samples);
        let count = self.count();
        if rank > count {
            return Some(Quantile::Beyond);
        }
        if rank == count {
            return Some(Quantile::Known(self.greatest));
        }
        let histogram = self.histogram.as_ref()?;
        // The middle of the rank, so that rounding in floats cannot reach the next one.
        let value = histogram.value_at_quantile((rank as f64 - 0.5) / count as f64);
        Some(Quantile::Known(value.clamp(self.least, self.greatest)))
    }

    /// Adds all values of another one; exact.
    pub fn merge(&mut self, other: &Self) {
        self.censored += other.censored;
        let Some(theirs) = &other.histogram else { return };
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
        match &mut self.histogram {
            // Cannot fail: both have the same digits, and this one grows.
            Some(ours) => drop(ours.add(theirs.as_ref())),
            None => self.histogram = Some(theirs.clone()),
        }
    }

    /// Forgets all values and keeps the memory.
    pub fn clear(&mut self) {
        if let Some(histogram) = &mut self.histogram {
            histogram.reset();
        }
        (self.sum, self.least, self.greatest, self.censored) = (0, u64::MAX, 0, 0);
    }

    /// What is kept of it in a record, values divided by `scale`; `None` without a value that
    /// ended.
    pub fn summary(&self, scale: f64) -> Option<TrendSummary> {
        let at = |q| {
            let value = self.quantile(q).and_then(Quantile::known)?;
            Some(value as f64 / scale)
        };
        Some(TrendSummary {
            count: self.count(),
            censored: self.censored,
            min: self.min()? as f64 / scale,
            avg: self.mean()? / scale,
            max: self.max()? as f64 / scale,
            med: at(0.5),
            p90: at(0.9),
            p95: at(0.95),
            p99: at(0.99),
            curve: self.curve(scale),
        })
    }

    /// The percentile curve: points lie closer the nearer they come to 1, up to the rank of the
    /// last value that ended.
    fn curve(&self, scale: f64) -> Vec<QuantilePoint> {
        let samples = self.samples() as f64;
        let halvings = samples.max(1.0).log2().ceil() as u32;
        let points = 0..=halvings * POINTS_A_HALVING;
        points
            .map(|point| 1.0 - 0.5_f64.powf(f64::from(point) / f64::from(POINTS_A_HALVING)))
            .filter_map(|q| {
                let value = self.quantile(q).and_then(Quantile::known)?;
                Some(QuantilePoint { q, value: value as f64 / scale })
            })
            .collect()
    }

    /// Its values with how often each was seen, from small to great, each to three digits.
    #[cfg(test)]
    fn buckets(&self) -> Vec<(u64, u64)> {
        let histogram = self.histogram.iter();
        histogram
            .flat_map(|histogram| histogram.iter_recorded())
            .map(|step| (step.value_iterated_to(), step.count_at_value()))
            .collect()
    }
}

/// All distributions have the same bounds, so that they add up bucket by bucket.
fn empty_histogram() -> Option<Histogram<u64>> {
    // Cannot fail: three digits are among those it knows.
    let mut histogram = Histogram::new(DIGITS).ok()?;
    histogram.auto(true);
    Some(histogram)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, clippy::panic, reason = "a test may fail by panicking")]

    use super::*;

    fn of(values: impl IntoIterator<Item = u64>) -> Distribution {
        let mut made = Distribution::default();
        values.into_iter().for_each(|value| made.record(value));
        made
    }

    #[test]
    fn quantiles_are_nearest_ranks() {
        let made = of(1..=1000);
        assert_eq!(made.quantile(0.5), Some(Quantile::Known(500)));
        assert_eq!(made.quantile(0.95), Some(Quantile::Known(950)));
        assert_eq!(made.quantile(0.0), Some(Quantile::Known(1)));
        assert_eq!(made.quantile(1.0), Some(Quantile::Known(1000)));
        assert_eq!((made.min(), made.max(), made.mean()), (Some(1), Some(1000), Some(500.5)));
        assert_eq!(Distribution::default().quantile(0.5), None);
    }

    #[test]
    fn great_values_keep_three_digits_and_exact_ends() {
        let made = of([1_234_567_891, 2_345_678_912]);
        let Some(Quantile::Known(median)) = made.quantile(0.5) else { panic!("known") };
        assert!((median as f64 / 1_234_567_891.0 - 1.0).abs() < 1e-3, "{median}");
        assert_eq!(made.max(), Some(2_345_678_912));
        let beyond = of([u64::MAX]);
        assert_eq!(beyond.quantile(0.5), Some(Quantile::Known(u64::MAX)));
    }

    #[test]
    fn censored_values_count_as_greater_than_all() {
        let mut made = of(1..=90);
        made.record_censored(10);
        assert_eq!(made.quantile(0.5), Some(Quantile::Known(50)));
        assert_eq!(made.quantile(0.9), Some(Quantile::Known(90)));
        assert_eq!(made.quantile(0.95), Some(Quantile::Beyond));
        let summary = made.summary(1.0).expect("90 values ended");
        assert_eq!((summary.p95, summary.p99, summary.max), (None, None, 90.0));
        assert!(summary.curve.iter().all(|point| point.q <= 0.9));
    }

    #[test]
    fn merging_is_recording_the_same_values() {
        let values: Vec<u64> = (0..5000_u64).map(|i| (i * i * 7919) % 10_000_000_007).collect();
        let mut merged = Distribution::default();
        for part in values.chunks(777) {
            merged.merge(&of(part.iter().copied()));
        }
        let whole = of(values);
        assert_eq!(merged.buckets(), whole.buckets());
        assert_eq!(
            (merged.mean(), merged.min(), merged.max()),
            (whole.mean(), whole.min(), whole.max())
        );
    }

    #[test]
    fn clearing_forgets_all() {
        let mut made = of(1..=10);
        made.record_censored(1);
        made.clear();
        assert_eq!((made.samples(), made.min(), made.quantile(0.5)), (0, None, None));
        made.record(7);
        assert_eq!(made.quantile(0.5), Some(Quantile::Known(7)));
    }
}
