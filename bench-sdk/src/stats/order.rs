//! Order statistics: medians, quantiles and intervals that assume no shape of the noise.

use super::evidence;

/// A confidence interval, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end, never below the lower one.
    pub high: f64,
    /// The confidence level that holds, between 0 and 1: it may be above or below the one asked
    /// for, as few values offer few levels.
    pub level: f64,
}

/// The finite values in ascending order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut kept = Vec::with_capacity(values.len());
    for &value in values {
        if value.is_finite() {
            kept.push(value);
        }
    }
    kept.sort_unstable_by(f64::total_cmp);
    kept
}

/// The median of the finite values; `None` where there are none.
pub fn median(values: &[f64]) -> Option<f64> {
    median_sorted(&sorted(values))
}

/// The median of values that [`sorted`] gave.
pub fn median_sorted(sorted: &[f64]) -> Option<f64> {
    let (low, high) =
        (*sorted.get(sorted.len().checked_sub(1)? / 2)?, *sorted.get(sorted.len() / 2)?);
    finite(low.midpoint(high))
}

/// The quantile of values that [`sorted`] gave, `p` from 0 to 1; `None` where there are no values.
///
/// Linear between the order statistics: type 7 of Hyndman and Fan, "Sample quantiles in
/// statistical packages", The American Statistician 50 (1996). Whether so few values say anything
/// about so high a quantile is another question: see [`estimable`].
pub fn quantile_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let last = sorted.len().checked_sub(1)?;
    let position = last as f64 * p;
    let below = (position as usize).min(last);
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    let part = position - below as f64;
    // Rounding must not carry the result out of the two values it lies between.
    finite((low * (1.0 - part) + high * part).max(low).min(high))
}

/// Whether `n` values say anything about the quantile at `p`: at least 20 are expected above it.
pub fn estimable(n: usize, p: f64) -> bool {
    // The margin makes up for 1 - 0.9 falling short of 0.1.
    p > 0.0 && p < 1.0 && n as f64 * (1.0 - p) >= 20.0 - 1e-9
}

/// How many values it takes for [`estimable`].
pub fn values_needed(p: f64) -> usize {
    (20.0 / (1.0 - p) - 1e-6).ceil() as usize
}

/// A confidence interval for the median from a number of values that was fixed beforehand, given
/// as [`sorted`] gave them; `None` below two values or unless 0 < `level` < 1.
///
/// [x(k), x(n-k+1)] with the largest k for which 2 P(Bin(n, 1/2) <= k-1) <= 1 - `level`; where even
/// k = 1 does not reach the level, the whole range. Either way with the level that it truly has: 8
/// values give 99.2 %, 5 give 93.75 % (David and Nagaraja, "Order Statistics", third edition,
/// section 7.1). Holds for independent values of any distribution with that median, ties
/// included. Invalid for values that depend on each other, as samples of one process do, and
/// where values were added until the interval looked good: see [`anytime_interval`].
pub fn order_interval(sorted: &[f64], level: f64) -> Option<Interval> {
    let (rank, attained) = fixed_rank(sorted.len(), level)?;
    between(sorted, rank - 1, attained)
}

/// A confidence interval for the median that holds whenever one stops, however that was decided;
/// values as [`sorted`] gave them. `None` where there are too few of them for this level (below 11
/// for 99 %).
///
/// [x(n-k*+1), x(k*)] with the smallest k* for which E(k*, n) >= 2 / (1 - `level`): a median outside
/// would need evidence that E(k, n), see `evidence`, grants with probability (1 - `level`) / 2 a
/// side, at any time taken together. See there for the source and for what makes it invalid. Wider
/// than [`order_interval`] on the same values: that is the price.
pub fn anytime_interval(sorted: &[f64], level: f64) -> Option<Interval> {
    if !(level > 0.0 && level < 1.0) {
        return None;
    }
    let n = sorted.len();
    let rank = evidence::smallest_k(n as u64, (2.0 / (1.0 - level)).ln())?;
    between(sorted, n - rank as usize, level)
}

/// The rank k of [`order_interval`] and the level that it attains.
pub(super) fn fixed_rank(n: usize, level: f64) -> Option<(usize, f64)> {
    if n < 2 || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let alpha = 1.0 - level;
    let mut best = None;
    // P(Bin(n, 1/2) <= j) = sum * 2^exponent, `term` being C(n, j) on the same scale.
    let (mut term, mut sum, mut exponent) = (1.0_f64, 1.0_f64, -(n as f64));
    for j in 0..n / 2 {
        let outside = 2.0 * sum * exponent.exp2();
        if outside > alpha {
            break;
        }
        best = Some((j + 1, 1.0 - outside));
        term *= (n - j) as f64 / (j as f64 + 1.0);
        sum += term;
        if sum > 1e150 {
            term *= 2.0_f64.powi(-400);
            sum *= 2.0_f64.powi(-400);
            exponent += 400.0;
        }
    }
    best.or(Some((1, 1.0 - (1.0 - n as f64).exp2())))
}

/// The interval that leaves out `skipped` values at each end.
fn between(sorted: &[f64], skipped: usize, level: f64) -> Option<Interval> {
    let last = sorted.len().checked_sub(skipped + 1)?;
    let (low, high) = (finite(*sorted.get(skipped)?)?, finite(sorted[last])?);
    (low <= high).then_some(Interval { low, high, level })
}

/// The value unless it is NaN or infinite.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(n: usize) -> Vec<f64> {
        (1..=n).map(|i| i as f64).collect()
    }

    #[test]
    fn sorting_drops_what_is_not_a_number() {
        let values = [3.0, f64::NAN, -1.0, f64::INFINITY, 2.0, f64::NEG_INFINITY];
        assert_eq!(sorted(&values), [-1.0, 2.0, 3.0]);
        assert_eq!(median(&values), Some(2.0));
        assert_eq!(median(&[f64::NAN]), None);
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn medians_do_not_overflow() {
        assert_eq!(median(&[f64::MAX, f64::MAX]), Some(f64::MAX));
        assert_eq!(median(&[f64::MAX, f64::MIN]), Some(0.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 9.0]), Some(3.0));
        assert_eq!(quantile_sorted(&[f64::MIN, f64::MAX], 0.5), Some(0.0));
    }

    #[test]
    fn quantiles_end_at_the_ends() {
        let values = counting(7);
        assert_eq!(quantile_sorted(&values, 0.0), Some(1.0));
        assert_eq!(quantile_sorted(&values, 1.0), Some(7.0));
        assert_eq!(quantile_sorted(&values, 0.5), Some(4.0));
        for (values, p) in [(&values[..], 1.1), (&values, -0.1), (&values, f64::NAN), (&[], 0.5)] {
            assert_eq!(quantile_sorted(values, p), None);
        }
    }

    #[test]
    fn nothing_unsorted_or_infinite_gets_out() {
        for bad in [[f64::NAN; 12], [f64::INFINITY; 12]] {
            assert_eq!(median_sorted(&bad), None);
            assert_eq!(quantile_sorted(&bad, 0.3), None);
            assert_eq!(order_interval(&bad, 0.9), None);
            assert_eq!(anytime_interval(&bad, 0.9), None);
        }
        assert_eq!(order_interval(&[2.0, 1.0], 0.9), None);
    }

    #[test]
    fn estimable_quantiles_have_twenty_values_above() {
        for (n, p) in [(40, 0.5), (200, 0.9), (400, 0.95), (2_000, 0.99), (20_000, 0.999)] {
            assert!(estimable(n, p) && !estimable(n - 1, p), "{n} {p}");
            assert_eq!(values_needed(p), n);
        }
        assert!(!estimable(1_000_000, 1.0) && !estimable(1_000, f64::NAN) && !estimable(0, 0.5));
    }

    #[test]
    fn few_values_give_the_whole_range_with_its_true_level() {
        for (n, level) in [(2, 0.5), (5, 0.9375), (8, 0.992_187_5)] {
            let expected = Interval { low: 1.0, high: n as f64, level };
            assert_eq!(order_interval(&counting(n), 0.99), Some(expected));
        }
        for (n, level) in [(0, 0.9), (1, 0.9), (9, 0.0), (9, 1.0), (9, -0.2), (9, f64::NAN)] {
            assert_eq!(order_interval(&counting(n), level), None);
        }
    }

    #[test]
    fn large_samples_follow_the_normal_approximation() {
        let interval = order_interval(&counting(100_000), 0.99);
        // Half the width is about 2.576 sqrt(n) / 2.
        assert!(interval.is_some_and(|i| (i.high - i.low - 814.6).abs() < 3.0), "{interval:?}");
        assert!(interval.is_some_and(|i| i.level >= 0.99 && i.level < 0.9902), "{interval:?}");
    }

    #[test]
    fn anytime_intervals_start_at_eleven_values_and_are_wider() {
        assert_eq!(anytime_interval(&counting(10), 0.99), None);
        assert_eq!(anytime_interval(&counting(0), 0.99), None);
        assert_eq!(anytime_interval(&counting(50), 1.0), None);
        let whole = Interval { low: 1.0, high: 11.0, level: 0.99 };
        assert_eq!(anytime_interval(&counting(11), 0.99), Some(whole));
        for n in [20, 100, 5_000] {
            let (fixed, anytime) =
                (order_interval(&counting(n), 0.99), anytime_interval(&counting(n), 0.99));
            assert!(
                fixed.zip(anytime).is_some_and(|(f, a)| a.low < f.low && a.high > f.high),
                "{n}"
            );
        }
    }
}
