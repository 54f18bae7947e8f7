//! The few statistics that the studies need.

use crate::chance::Chance;

/// Makes the median absolute deviation of a normal distribution its standard deviation.
const NORMAL_MAD: f64 = 1.4826;
/// How often values are drawn anew.
const RESAMPLES: usize = 2000;

/// The median; `None` without values.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 { Some(upper) } else { Some(f64::midpoint(sorted[middle - 1], upper)) }
}

/// The robust standard deviation, 1.4826 times the median absolute deviation from the median;
/// `None` below two values.
pub(crate) fn robust_sd(values: &[f64]) -> Option<f64> {
    let middle = median(values)?;
    let away: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    (values.len() > 1).then(|| median(&away).map(|mad| NORMAL_MAD * mad)).flatten()
}

/// Largest minus smallest.
pub(crate) fn range(values: &[f64]) -> Option<(f64, f64)> {
    let low = values.iter().copied().min_by(f64::total_cmp)?;
    let high = values.iter().copied().max_by(f64::total_cmp)?;
    Some((low, high))
}

/// A value as a ratio of another; `None` where that one is zero.
pub(crate) fn ratio(of: f64, to: f64) -> Option<f64> {
    (to != 0.0).then(|| of / to).filter(|ratio| ratio.is_finite())
}

/// Six digits: more would only make the files longer.
pub(crate) fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // Dividing by a power of ten that is exact gives the shortest number in print.
    let digits = 5 - value.abs().log10().floor() as i32;
    let scale = 10_f64.powi(digits.abs());
    if digits >= 0 { (value * scale).round() / scale } else { (value / scale).round() * scale }
}

/// P(X <= k) for X binomial.
pub(crate) fn at_most_probability(k: usize, n: usize, p: f64) -> f64 {
    if p >= 1.0 {
        return if k >= n { 1.0 } else { 0.0 };
    }
    if p <= 0.0 {
        return 1.0;
    }
    // In logarithms: the first term of many is too small for a number.
    let mut term = n as f64 * (-p).ln_1p();
    let mut sum = term.exp();
    for successes in 1..=k {
        term += (p / (1.0 - p) * (n + 1 - successes) as f64 / successes as f64).ln();
        sum += term.exp();
    }
    sum.min(1.0)
}

/// The Clopper-Pearson interval, at 95 %, of a share of which `k` of `n` were seen.
pub(crate) fn share_interval(k: usize, n: usize) -> [f64; 2] {
    // The share at which so few, or fewer, happen with that probability.
    let solve = |k: usize, probability: f64| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if at_most_probability(k, n, middle) > probability {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    };
    let low = if k == 0 { 0.0 } else { solve(k - 1, 0.975) };
    [low, if k >= n { 1.0 } else { solve(k, 0.025) }]
}

/// A median, and two of the values around it, equally far from both ends, that hold the median of
/// what was drawn from with a probability of at least 95 %. With fewer values than that takes they
/// are the lowest and the highest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Middle {
    pub(crate) at: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Middle {
    /// `None` without values.
    pub(crate) fn of(values: &[f64]) -> Option<Self> {
        let at = median(values)?;
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let is_rare = |k: &usize| 2.0 * at_most_probability(*k, sorted.len(), 0.5) <= 0.05;
        let cut = (0..sorted.len() / 2).take_while(is_rare).last().unwrap_or(0);
        Some(Self { at, low: sorted[cut], high: sorted[sorted.len() - 1 - cut] })
    }

    /// Of something computed from two series, pair by pair; pairs without a result are left out.
    pub(crate) fn of_pairs(
        a: &[f64],
        b: &[f64],
        compare: impl Fn(f64, f64) -> Option<f64>,
    ) -> Option<Self> {
        let found: Vec<f64> = a.iter().zip(b).filter_map(|(a, b)| compare(*a, *b)).collect();
        Self::of(&found)
    }
}

/// A figure, and the middle 95 % of it under resampling.
pub(crate) fn resampled<T: Copy>(values: &[T], of: impl Fn(&[T]) -> Option<f64>) -> Option<Middle> {
    let mut chance = Chance::new(1);
    let mut found = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let again: Vec<T> = values.iter().map(|_| values[chance.below(values.len())]).collect();
        found.push(of(&again)?);
    }
    found.sort_by(f64::total_cmp);
    let tail = RESAMPLES / 40;
    Some(Middle { at: of(values)?, low: found[tail], high: found[RESAMPLES - 1 - tail] })
}

/// The middle 90 % of the ratio of two robust standard deviations under resampling.
pub(crate) fn spread_ratio_interval(ours: &[f64], theirs: &[f64]) -> Option<(f64, f64)> {
    let mut chance = Chance::new(1);
    let mut again = |values: &[f64]| -> Vec<f64> {
        (0..values.len()).map(|_| values[chance.below(values.len())]).collect()
    };
    let mut ratios = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let (a, b) = (robust_sd(&again(ours))?, robust_sd(&again(theirs))?);
        // A spread of nothing on the other side is a ratio beyond all others.
        ratios.push(ratio(a, b).unwrap_or(if a == 0.0 { 1.0 } else { f64::MAX }));
    }
    ratios.sort_by(f64::total_cmp);
    Some((ratios[RESAMPLES / 20], ratios[RESAMPLES - 1 - RESAMPLES / 20]))
}

/// A straight line through times over sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) intercept: f64,
    pub(crate) slope: f64,
    /// The largest distance from the line, as a ratio of it.
    pub(crate) deviation: f64,
}

/// The proportional line `slope * size` that fits best in relative terms.
pub(crate) fn proportional(points: &[(f64, f64)]) -> Option<Line> {
    let slopes: Vec<f64> = points.iter().map(|(size, time)| time / size).collect();
    let slope = slopes.iter().sum::<f64>() / slopes.len() as f64;
    deviating(points, 0.0, slope)
}

/// The line `intercept + slope * size` that fits best in relative terms: least squares with the
/// inverse squares of the sizes as weights.
pub(crate) fn straight(points: &[(f64, f64)]) -> Option<Line> {
    // Divided by the size: time / size = slope + intercept / size, without weights.
    let n = points.len() as f64;
    let (mean_u, mean_v) = points
        .iter()
        .fold((0.0, 0.0), |(u, v), (size, time)| (u + 1.0 / size / n, v + time / size / n));
    let (mut uu, mut uv) = (0.0, 0.0);
    for (size, time) in points {
        let u = 1.0 / size - mean_u;
        uu += u * u;
        uv += u * (time / size - mean_v);
    }
    let intercept = ratio(uv, uu)?;
    deviating(points, intercept, mean_v - intercept * mean_u)
}

fn deviating(points: &[(f64, f64)], intercept: f64, slope: f64) -> Option<Line> {
    let away = points.iter().map(|(size, time)| time / (intercept + slope * size) - 1.0);
    let deviation = away.map(f64::abs).max_by(f64::total_cmp)?;
    let line = Line { intercept, slope, deviation };
    (deviation.is_finite() && slope.is_finite()).then_some(line)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * b.abs().max(1.0)
    }

    #[test]
    fn medians_of_odd_even_and_nothing() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn binomial_sums_are_right() {
        let near = |k, n, p, expected: f64| (at_most_probability(k, n, p) - expected).abs() < 1e-9;
        assert!(near(2, 4, 0.5, 0.6875) && near(4, 4, 0.3, 1.0) && near(0, 3, 0.1, 0.729));
        assert!(near(2, 3, 1.0, 0.0) && near(2000, 4001, 0.5, 0.5));
    }

    #[test]
    fn intervals_of_shares_are_the_published_ones() {
        let shown = |k, n| share_interval(k, n).map(|share| (share * 1e4).round() as u32);
        assert_eq!(shown(0, 10), [0, 3085]);
        assert_eq!(shown(10, 10), [6915, 10_000]);
        assert_eq!(shown(5, 10), [1871, 8129]);
        assert_eq!(shown(20, 4000), [31, 77]);
        assert_eq!(shown(0, 0), [0, 10_000]);
    }

    #[test]
    fn the_median_has_the_interval_of_the_sign_test() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        // The published ranks for n = 20 at 95 %.
        assert_eq!(Middle::of(&values), Some(Middle { at: 10.5, low: 6.0, high: 15.0 }));
        let few = Some(Middle { at: 2.0, low: 1.0, high: 3.0 });
        assert_eq!(Middle::of(&[2.0, 1.0, 3.0]), few);
        assert_eq!(Middle::of_pairs(&[4.0, 3.0, 9.0], &[2.0, 3.0, 3.0], ratio), few);
        assert_eq!(Middle::of(&[]), None);
    }

    #[test]
    fn six_digits_are_kept() {
        let shown = [0.0, 1_234_567.0, 0.012_345_678, 0.95].map(|value| rounded(value).to_string());
        assert_eq!(shown, ["0", "1234570", "0.0123457", "0.95"]);
    }

    #[test]
    fn robust_spread_ignores_one_outlier() {
        let calm = robust_sd(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert!(near(calm, 1.4826));
        assert_eq!(robust_sd(&[1.0, 2.0, 3.0, 4.0, 500.0]), Some(calm));
        assert_eq!(robust_sd(&[1.0]), None);
        assert_eq!(range(&[2.0, 1.0, 3.0]), Some((1.0, 3.0)));
    }

    #[test]
    fn ratio_of_spreads_has_an_interval_around_the_truth() {
        let values: Vec<f64> = (0..20).map(f64::from).collect();
        let wider: Vec<f64> = values.iter().map(|value| value * 4.0).collect();
        let (low, high) = spread_ratio_interval(&values, &wider).unwrap();
        assert!(low < 0.25 && 0.25 < high && high < 1.0, "{low} {high}");
        assert_eq!(spread_ratio_interval(&[], &wider), None);
    }

    #[test]
    fn a_resampled_median_stays_among_the_values() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        let found = resampled(&values, median).unwrap();
        assert!(near(found.at, 10.5) && found.low > 3.0 && found.high < 18.0, "{found:?}");
        assert!(found.low < 8.0 && found.high > 13.0, "{found:?}");
        assert_eq!(resampled(&[], median), None);
    }

    #[test]
    fn lines_are_found_exactly_where_they_are_exact() {
        let points = [(1000.0, 2010.0), (2000.0, 4010.0), (4000.0, 8010.0)];
        let line = straight(&points).unwrap();
        assert!(near(line.intercept, 10.0) && near(line.slope, 2.0) && line.deviation < 1e-9);
        let through_zero = proportional(&points).unwrap();
        assert!(through_zero.deviation > 1e-3 && through_zero.intercept == 0.0);
        let exact = proportional(&[(1.0, 3.0), (2.0, 6.0)]).unwrap();
        assert!(near(exact.slope, 3.0) && exact.deviation < 1e-12);
        assert_eq!(proportional(&[]), None);
    }
}
