//! How the samples of a case are spread.

use serde::Serialize;

use super::series::Series;
use crate::record::CaseRecord;
use crate::stats::{density, is_skewed, quantile_sorted, rounded, sorted};

/// Points of a curve: one for every few pixels.
const POINTS: usize = 96;
/// Height of the highest of them.
const TOP: f64 = 999.0;
/// Steps into which the middle half of the samples is divided.
const STEPS: f64 = 50.0;
/// Digits of what charts read off a scale.
const DIGITS: usize = 5;
/// Quantiles that are marked in a curve: the middle, the quarters, and where the tails begin.
const MARKED: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// The samples of the newest record of a case, and those of the baseline on the same scale.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct CaseShape {
    /// Whether the scale is logarithmic.
    log: bool,
    /// What the texts of samples are in.
    ruler: Ruler,
    own: Shape,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Shape>,
}

/// A distribution.
#[derive(Debug, PartialEq, Serialize)]
struct Shape {
    /// Samples it is made of.
    samples: usize,
    /// The [`MARKED`] quantiles, in nanoseconds.
    marked: Vec<f64>,
    /// Its density; none where there are too few samples, or all are the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    curve: Option<Curve>,
}

/// A density at places that are evenly spaced on the scale.
#[derive(Debug, PartialEq, Serialize)]
struct Curve {
    /// The first place, in nanoseconds.
    low: f64,
    /// The last place.
    high: f64,
    /// Standard deviation of the kernel, in nanoseconds or of the natural logarithm.
    bandwidth: f64,
    /// Probability for one unit of the scale where the curve is highest.
    peak: f64,
    /// Heights as a [`Series`], 999 of which are the peak.
    heights: String,
    /// Samples that lie outside.
    beyond: usize,
}

/// Whole steps from a middle, which are shorter than times and as fine as anyone sees.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Ruler {
    middle: f64,
    step: f64,
}

impl Ruler {
    /// That of a case; none where its record holds no samples.
    pub(super) fn of(record: &CaseRecord) -> Option<Self> {
        let ordered = sorted(&samples_of(record));
        let at = |p| quantile_sorted(&ordered, p);
        let (lower, middle, upper) = (at(0.25)?, at(0.5)?, at(0.75)?);
        let whole = ordered.last()? - ordered.first()?;
        let step = if upper > lower { (upper - lower) / STEPS } else { whole / STEPS.powi(2) };
        Some(Self { middle: rounded(middle, 7), step: rounded(step, 3) })
    }

    /// Samples as a [`Series`] of steps.
    pub(super) fn line(&self, samples: &[f64]) -> String {
        let mut line = Series::default();
        for (at, sample) in samples.iter().enumerate() {
            let steps = if self.step > 0.0 { (sample - self.middle) / self.step } else { 0.0 };
            line.set(at, steps.round() + 0.0, 9);
        }
        line.text().to_owned()
    }
}

fn samples_of(record: &CaseRecord) -> Vec<f64> {
    record.launches.iter().flat_map(|launch| launch.samples_ns.iter().copied()).collect()
}

/// The shape of a case; none where its record holds no samples.
pub(super) fn shape_of(record: &CaseRecord, baseline: Option<&[f64]>) -> Option<CaseShape> {
    let samples = samples_of(record);
    let is_positive = |list: &[f64]| list.iter().all(|sample| *sample > 0.0);
    let log = is_skewed(&samples) && baseline.is_none_or(is_positive);
    let own = shape(&samples, log)?;
    let ruler = Ruler::of(record)?;
    Some(CaseShape { log, ruler, own, baseline: baseline.and_then(|samples| shape(samples, log)) })
}

fn shape(samples: &[f64], is_log: bool) -> Option<Shape> {
    let ordered = sorted(samples);
    let short = |value| rounded(value, DIGITS);
    let marked: Option<Vec<f64>> =
        MARKED.iter().map(|p| quantile_sorted(&ordered, *p).map(short)).collect();
    let curve = density(&ordered, is_log, POINTS).map(|found| {
        let peak = found.heights.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let mut heights = Series::default();
        for (at, height) in found.heights.iter().enumerate() {
            heights.set(at, (height / peak * TOP).round(), DIGITS);
        }
        Curve {
            low: short(found.low),
            high: short(found.high),
            bandwidth: rounded(found.bandwidth, 3),
            peak: short(peak),
            heights: heights.text().to_owned(),
            beyond: found.beyond,
        }
    });
    Some(Shape { samples: ordered.len(), marked: marked?, curve })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::measured;
    use crate::stats::Rng;

    fn case(samples_ns: Vec<f64>) -> CaseRecord {
        let mut record = measured("a", "", "b", 100.0, 1.0);
        let mut launch = super::super::fixture::launch(100.0);
        launch.samples_ns = samples_ns;
        record.launches = vec![launch];
        record
    }

    fn scattered(middle: f64, count: usize) -> Vec<f64> {
        let mut rng = Rng::new(5);
        (0..count).map(|_| middle + rng.normal()).collect()
    }

    #[test]
    fn both_sides_share_a_scale() {
        let before = scattered(90.0, 100);
        let Some(found) = shape_of(&case(scattered(100.0, 100)), Some(&before)) else {
            unreachable!()
        };
        assert!(!found.log);
        let Some((own, baseline)) = found.own.curve.zip(found.baseline.and_then(|one| one.curve))
        else {
            unreachable!()
        };
        assert!(baseline.high < own.low, "{baseline:?} {own:?}");
        assert_eq!(own.heights.split(',').count(), POINTS);
        assert!(own.heights.contains("999"));
        assert!((found.own.marked[2] - 100.0).abs() < 0.5, "{:?}", found.own.marked);
    }

    #[test]
    fn a_baseline_at_zero_has_no_logarithm() {
        let skewed: Vec<f64> = scattered(0.0, 100).iter().map(|z| z.exp()).collect();
        assert!(shape_of(&case(skewed.clone()), None).is_some_and(|found| found.log));
        let found = shape_of(&case(skewed), Some(&[0.0; 30]));
        assert!(found.is_some_and(|found| !found.log && found.baseline.is_some()));
    }

    #[test]
    fn samples_are_told_in_steps() {
        let found = case(vec![100.0, 99.0, 101.0, 102.0, 98.0, 5_000.0, 100.0]);
        let Some(ruler) = Ruler::of(&found) else { unreachable!() };
        assert_eq!(ruler, Ruler { middle: 100.0, step: 0.04 });
        assert_eq!(ruler.line(&found.launches[0].samples_ns), "0,-25,25,50,-50,122500,0");
        let tied = case(vec![7.0; 4]);
        assert_eq!(Ruler::of(&tied).map(|ruler| ruler.line(&[7.0, 7.0])).as_deref(), Some("0,="));
        assert_eq!(Ruler::of(&case(Vec::new())), None);
    }

    #[test]
    fn few_samples_are_no_curve_and_none_are_no_shape() {
        let few = shape_of(&case(scattered(100.0, 3)), None);
        assert!(few.is_some_and(|found| found.own.curve.is_none() && found.own.samples == 3));
        assert_eq!(shape_of(&case(Vec::new()), None), None);
    }
}
