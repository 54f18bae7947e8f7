//! How values are spread, as a curve.

use super::order::{quantile_sorted, sorted};
use super::spread::sample_sd;

/// Fewer values than this are no curve.
pub const MIN_VALUES: usize = 20;
/// Bins over which distances between values are counted.
const BINS: usize = 400;
/// Interquartile ranges beyond the quartiles that a curve reaches at most: what lies farther would
/// squeeze all the rest into a line.
const REACH: f64 = 6.0;
/// How far a kernel is followed, in bandwidths.
const TAIL: f64 = 4.0;
/// Times that the middle 90 % spread over before a logarithmic scale is worth its explanation.
const LOG_RATIO: f64 = 3.0;
/// How much longer than the lower tail the upper one is then.
const LOG_SKEW: f64 = 2.0;

/// A density, estimated at points that are evenly spaced on its scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// Whether points are spaced, and the bandwidth is told, by the natural logarithm.
    pub is_log: bool,
    /// Standard deviation of the kernel, in the unit of the values or of their logarithm.
    pub bandwidth: f64,
    /// The first point, in the unit of the values.
    pub low: f64,
    /// The last point.
    pub high: f64,
    /// Probability for one unit of the scale, at each point.
    pub heights: Vec<f64>,
    /// Values below the first point and above the last.
    pub beyond: usize,
}

/// Whether values are spread so unevenly that only a logarithmic scale shows them: all are above zero,
/// the middle 90 % span a factor of three, and reach at least twice as far above the median as below.
pub fn is_skewed(values: &[f64]) -> bool {
    let ordered = sorted(values);
    let at = |p| quantile_sorted(&ordered, p);
    let (Some(low), Some(middle), Some(high)) = (at(0.05), at(0.5), at(0.95)) else { return false };
    let is_positive = ordered.first().is_some_and(|least| *least > 0.0);
    is_positive && high >= LOG_RATIO * low && high - middle >= LOG_SKEW * (middle - low)
}

/// The density of the finite values, with a Gaussian kernel whose bandwidth is the direct plug-in of
/// Sheather and Jones, "A reliable data-based bandwidth selection method for kernel density
/// estimation", Journal of the Royal Statistical Society B 53 (1991); where that finds none, the rule
/// of thumb of Silverman, "Density Estimation" (1986), equation 3.31.
///
/// Unlike that rule it does not smooth two modes into one. `None` below [`MIN_VALUES`], where all are
/// the same, for fewer than two points, or where a logarithm is asked for of what has none. Meant for
/// the eye: values that depend on each other, as samples of one process do, make it rougher than it
/// ought to be.
pub fn density(values: &[f64], is_log: bool, points: usize) -> Option<Density> {
    let on_scale = |value: &f64| if is_log { value.ln() } else { *value };
    let ordered = sorted(&sorted(values).iter().map(on_scale).collect::<Vec<_>>());
    let is_whole = ordered.len() == values.iter().filter(|value| value.is_finite()).count();
    if ordered.len() < MIN_VALUES || points < 2 || !is_whole {
        return None;
    }
    let (least, most) = (*ordered.first()?, *ordered.last()?);
    let (lower, upper) = (quantile_sorted(&ordered, 0.25)?, quantile_sorted(&ordered, 0.75)?);
    let scale = scale_of(&ordered, upper - lower)?;
    let reach = if upper > lower { REACH * (upper - lower) } else { most - least };
    // To the last value within reach, and not into the void before an outlier.
    let within = |value: &&f64| (lower - reach..=upper + reach).contains(*value);
    let from = *ordered.iter().find(within)?;
    let to = *ordered.iter().rfind(within)?;
    let intervals = (points - 1) as f64;
    // Narrower kernels would fall between the points.
    let bandwidth = plug_in(&ordered, scale)
        .unwrap_or_else(|| rule_of_thumb(scale, ordered.len()))
        .max((to - from) / intervals * 0.75);
    let (mut from, to) = (from - 3.0 * bandwidth, to + 3.0 * bandwidth);
    if !is_log && least >= 0.0 {
        from = from.max(0.0);
    }
    let step = (to - from) / intervals;
    let heights: Vec<f64> =
        (0..points).map(|at| height(&ordered, from + step * at as f64, bandwidth)).collect();
    let beyond = ordered.iter().filter(|value| **value < from || **value > to).count();
    let back = |value: f64| if is_log { value.exp() } else { value };
    let found = Density { is_log, bandwidth, low: back(from), high: back(to), heights, beyond };
    let all = [found.bandwidth, found.low, found.high];
    all.iter().chain(&found.heights).all(|value| value.is_finite()).then_some(found)
}

/// The density at one place, from values in ascending order.
fn height(ordered: &[f64], at: f64, bandwidth: f64) -> f64 {
    let first = ordered.partition_point(|value| *value < at - TAIL * bandwidth);
    let near = ordered[first..].iter().take_while(|value| **value <= at + TAIL * bandwidth);
    let kernel = |value: &f64| (-((value - at) / bandwidth).powi(2) / 2.0).exp();
    let root = (2.0 * std::f64::consts::PI).sqrt();
    near.map(kernel).sum::<f64>() / (ordered.len() as f64 * bandwidth * root)
}

/// The smaller of the standard deviation and what the quartiles make of it for a normal one; `None`
/// where the values do not differ.
fn scale_of(ordered: &[f64], quartiles_apart: f64) -> Option<f64> {
    let sd = sample_sd(ordered)?;
    let robust = quartiles_apart / 1.349;
    let scale = if robust > 0.0 { sd.min(robust) } else { sd };
    (scale > 0.0 && scale.is_finite()).then_some(scale)
}

fn rule_of_thumb(scale: f64, count: usize) -> f64 {
    0.9 * scale * (count as f64).powf(-0.2)
}

/// The plug-in: the curvature that the best bandwidth depends on is estimated with a bandwidth that a
/// pilot estimate of its sixth derivative chooses.
fn plug_in(ordered: &[f64], scale: f64) -> Option<f64> {
    let n = ordered.len() as f64;
    let distances = Distances::of(ordered)?;
    let sixth = -distances.functional(1.23 * scale * n.powf(-1.0 / 9.0), 7, |square| {
        ((square - 15.0) * square + 45.0) * square - 15.0
    });
    let pilot = (2.394 / (n * sixth)).powf(1.0 / 7.0);
    let fourth = distances.functional(pilot, 5, |square| (square - 6.0) * square + 3.0);
    let root = std::f64::consts::PI.sqrt();
    let bandwidth = (1.0 / (2.0 * root * n * fourth)).powf(0.2);
    (sixth > 0.0 && fourth > 0.0 && bandwidth.is_finite()).then_some(bandwidth)
}

/// How many pairs of values are how far apart.
struct Distances {
    values: f64,
    width: f64,
    pairs: Vec<f64>,
}

impl Distances {
    fn of(ordered: &[f64]) -> Option<Self> {
        let least = ordered.first()?;
        let width = (ordered.last()? - least) * 1.01 / BINS as f64;
        let mut counts = vec![0.0; BINS];
        for value in ordered {
            let bin = ((value - least) / width) as usize;
            *counts.get_mut(bin)? += 1.0;
        }
        let mut pairs = vec![0.0; BINS];
        for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            pairs[0] += count * (count - 1.0) / 2.0;
            for (apart, other) in counts[at..].iter().enumerate().skip(1) {
                pairs[apart] += count * other;
            }
        }
        Some(Self { values: ordered.len() as f64, width, pairs })
    }

    /// The integral of the density with its derivative of that order less one, which is even; the
    /// polynomial is the derivative of a normal density over it, of the square.
    fn functional(&self, bandwidth: f64, power: i32, polynomial: impl Fn(f64) -> f64) -> f64 {
        let term = |(apart, pairs): (usize, &f64)| {
            let square = (apart as f64 * self.width / bandwidth).powi(2);
            pairs * (-square / 2.0).exp() * polynomial(square)
        };
        let sum: f64 = self.pairs.iter().enumerate().map(term).sum();
        let n = self.values;
        let root = (2.0 * std::f64::consts::PI).sqrt();
        (2.0 * sum + n * polynomial(0.0)) / (n * (n - 1.0) * bandwidth.powi(power) * root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Rng;

    fn normal(count: usize, middle: f64, sd: f64) -> Vec<f64> {
        let mut rng = Rng::new(21);
        (0..count).map(|_| middle + sd * rng.normal()).collect()
    }

    fn area(found: &Density) -> f64 {
        let on_scale = |value: f64| if found.is_log { value.ln() } else { value };
        let (low, high) = (on_scale(found.low), on_scale(found.high));
        found.heights.iter().sum::<f64>() * (high - low) / (found.heights.len() - 1) as f64
    }

    /// Places of the local maxima that reach a tenth of the highest.
    fn peaks(found: &Density) -> Vec<usize> {
        let top = found.heights.iter().copied().fold(0.0, f64::max);
        let is_peak = |at: &usize| {
            let [before, here, after] = [*at, at + 1, at + 2].map(|at| found.heights[at]);
            here > before && here >= after && here > top / 10.0
        };
        (0..found.heights.len() - 2).filter(is_peak).collect()
    }

    #[test]
    fn a_normal_sample_gives_its_bandwidth_and_area() {
        let values = normal(256, 100.0, 2.0);
        let Some(found) = density(&values, false, 128) else { unreachable!() };
        // The best for a normal density: 1.06 sd n^(-1/5) is 0.70 here.
        assert!((0.5..0.9).contains(&found.bandwidth), "{}", found.bandwidth);
        assert!((area(&found) - 1.0).abs() < 0.01, "{}", area(&found));
        let top = found.heights.iter().copied().fold(0.0, f64::max);
        assert!((0.16..0.24).contains(&top), "{top}");
        assert_eq!(found.beyond, 0);
    }

    /// Against the sums over all pairs, taken without bins by another program.
    #[test]
    fn the_plug_in_is_that_of_its_formula() {
        let scattered = (0..60).map(|i| 100.0 + 8.0 * f64::from(i * i * 7 % 101) / 101.0);
        let dense = (1..81).map(|i| 10.0 * f64::from(1 + i).ln());
        let modes = (0..90).map(|i| f64::from(i % 10) * 0.1 + if i % 3 == 0 { 20.0 } else { 10.0 });
        let lists: [Vec<f64>; 3] = [scattered.collect(), dense.collect(), modes.collect()];
        for (list, expected) in lists.iter().zip([1.167_77, 2.276_42, 0.617_808]) {
            let found = density(list, false, 4_096).map_or(0.0, |found| found.bandwidth);
            assert!((found / expected - 1.0_f64).abs() < 0.01, "{found} for {expected}");
        }
    }

    #[test]
    fn the_plug_in_keeps_modes_apart_that_the_rule_of_thumb_smooths_away() {
        let mut values = normal(128, 100.0, 1.0);
        values.extend(normal(128, 108.0, 1.0));
        let Some(found) = density(&values, false, 128) else { unreachable!() };
        assert_eq!(peaks(&found).len(), 2);
        let scale = scale_of(&sorted(&values), 8.0).unwrap_or_default();
        assert!(found.bandwidth < 0.5 * rule_of_thumb(scale, 256), "{}", found.bandwidth);
    }

    #[test]
    fn bandwidths_go_with_the_unit() {
        let values = normal(200, 50.0, 3.0);
        let wide: Vec<f64> = values.iter().map(|value| value * 1_000.0).collect();
        let both = [&values, &wide].map(|list| density(list, false, 64).map(|d| d.bandwidth));
        let [Some(narrow), Some(wide)] = both else { unreachable!() };
        assert!((wide / narrow / 1_000.0 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_far_outlier_does_not_squeeze_the_rest() {
        let mut values = normal(200, 100.0, 1.0);
        values.extend([1e6, 2e6]);
        let Some(found) = density(&values, false, 64) else { unreachable!() };
        assert!((102.0..106.0).contains(&found.high), "{}", found.high);
        assert_eq!(found.beyond, 2);
    }

    #[test]
    fn skewed_values_want_a_logarithm_and_times_near_each_other_do_not() {
        let skewed: Vec<f64> = normal(200, 0.0, 1.0).iter().map(|z| 100.0 * z.exp()).collect();
        assert!(is_skewed(&skewed));
        let Some(found) = density(&skewed, true, 96) else { unreachable!() };
        assert!((area(&found) - 1.0).abs() < 0.01 && found.low > 0.0, "{found:?}");
        assert!(!is_skewed(&normal(200, 100.0, 1.0)));
        assert!(!is_skewed(&[0.0, 1.0, 9.0, 100.0].repeat(20)));
        assert!(!is_skewed(&[]));
    }

    #[test]
    fn no_time_is_below_zero() {
        let values: Vec<f64> = normal(100, 0.0, 1.0).iter().map(|value| value.abs()).collect();
        assert!(density(&values, false, 64).is_some_and(|found| found.low == 0.0));
    }

    #[test]
    fn too_little_is_none_and_ties_are_not() {
        assert_eq!(density(&normal(MIN_VALUES - 1, 1.0, 0.1), false, 64), None);
        assert_eq!(density(&[5.0; 50], false, 64), None);
        assert_eq!(density(&[f64::NAN; 50], false, 64), None);
        assert_eq!(density(&[f64::MIN, f64::MAX].repeat(20), false, 64), None);
        assert_eq!(density(&normal(50, 0.0, 1.0), true, 64), None);
        assert_eq!(density(&normal(50, 0.0, 1.0), false, 1), None);
        let mut tied = vec![5.0; 45];
        tied.extend([6.0; 5]);
        let Some(found) = density(&tied, false, 64) else { unreachable!() };
        assert!(found.heights.iter().all(|height| height.is_finite() && *height >= 0.0));
        assert_eq!(peaks(&found).len(), 2);
    }
}
