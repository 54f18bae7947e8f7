//! Trends: does a series rise or fall, and how fast?

use super::{normal, order};

/// Up to this many values Kendall's distribution is computed exactly, above it is near normal.
const EXACT_UP_TO: usize = 50;

/// The slope of a series with its interval, in units a step.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::struct_field_names, reason = "the estimate of a slope is the slope")]
pub struct Slope {
    /// The median of the slopes of all pairs.
    pub slope: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

/// The answer of [`mann_kendall`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Kendall's rank correlation with time (tau-b), from -1 to 1: the sign is the direction.
    pub tau: f64,
    /// The two-sided p-value of "no trend".
    pub p_value: f64,
}

/// The Theil-Sen slope of `y` against 0, 1, 2 and so on, with a confidence interval; `None` where
/// there are too few values for this level (below 6 for 99 %), where one is not finite, or unless
/// 0 < `level` < 1.
///
/// Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the American
/// Statistical Association 63 (1968). Ranks come from Kendall's exact distribution up to 50 values
/// and from the normal one above, and are rounded to the wider interval; ties in `y` widen it
/// further. Bends for no fewer than 29 % outliers. Invalid (too narrow) where neighbouring values
/// move together beyond the trend, as noise with a memory does. Takes n^2 / 2 numbers of memory:
/// meant for up to some hundred values.
pub fn theil_sen(y: &[f64], level: f64) -> Option<Slope> {
    if !(level > 0.0 && level < 1.0) {
        return None;
    }
    let below = rank_below(y.len(), (1.0 - level) / 2.0)?;
    let mut slopes = Vec::with_capacity(pairs(y.len()));
    for (i, a) in y.iter().enumerate() {
        for (j, b) in y.iter().enumerate().skip(i + 1) {
            let slope = (b - a) / (j - i) as f64;
            if !slope.is_finite() {
                return None;
            }
            slopes.push(slope);
        }
    }
    slopes.sort_unstable_by(f64::total_cmp);
    let (low, high) = (slopes[below], slopes[slopes.len() - 1 - below]);
    Some(Slope { slope: order::median_sorted(&slopes)?, low, high })
}

/// The test of Mann and Kendall for a monotone trend in `y`; `None` below three values or where
/// one is not finite.
///
/// Mann, "Nonparametric tests against trend", Econometrica 13 (1945); Kendall, "Rank Correlation
/// Methods", fourth edition. Exact up to 50 values without ties, else the normal approximation with
/// the variance corrected for ties and a continuity correction: rough below ten values with many
/// ties. A constant series has tau 0 and p-value 1. Invalid where neighbouring values move together
/// without a trend: such noise passes for one.
pub fn mann_kendall(y: &[f64]) -> Option<Trend> {
    let ordered = order::sorted(y);
    let n = y.len();
    if n < 3 || ordered.len() < n {
        return None;
    }
    let (mut rises, mut falls) = (0_usize, 0_usize);
    for (i, a) in y.iter().enumerate() {
        for b in &y[i + 1..] {
            rises += usize::from(b > a);
            falls += usize::from(b < a);
        }
    }
    let untied = rises + falls;
    if untied == 0 {
        return Some(Trend { tau: 0.0, p_value: 1.0 });
    }
    let score = rises as f64 - falls as f64;
    let tau = score / (pairs(n) as f64 * untied as f64).sqrt();
    let one_sided = if untied == pairs(n) && n <= EXACT_UP_TO {
        let chances = inversion_chances(n);
        chances[..=rises.min(falls)].iter().sum()
    } else {
        normal::upper_tail((score.abs() - 1.0).max(0.0) / score_variance(&ordered).sqrt())
    };
    Some(Trend { tau, p_value: (2.0 * one_sided).min(1.0) })
}

/// How many slopes at each end lie outside the interval, `half` being the chance left at each.
///
/// A true slope with at most c pair slopes below it is as rare as c or fewer inversions.
fn rank_below(n: usize, half: f64) -> Option<usize> {
    if n > EXACT_UP_TO {
        let z = normal::quantile(1.0 - half)?;
        let spread = z * untied_variance(n as f64).sqrt();
        let rank = (pairs(n) as f64 - spread) / 2.0;
        return (rank >= 1.0).then_some(rank as usize - 1);
    }
    let mut sum = 0.0;
    let mut below = None;
    for (inversions, chance) in inversion_chances(n).into_iter().enumerate() {
        sum += chance;
        if sum > half {
            break;
        }
        below = Some(inversions);
    }
    below
}

/// The chance of each number of inversions in a random order of `n` items.
fn inversion_chances(n: usize) -> Vec<f64> {
    let mut chances = vec![0.0; pairs(n) + 1];
    chances[0] = 1.0;
    // The item of rank i adds 0 to i - 1 inversions, all equally likely.
    for i in 2..=n {
        let before = chances.clone();
        let mut window: f64 = 0.0;
        for at in 0..=pairs(i) {
            window += before[at];
            if at >= i {
                window -= before[at - i];
            }
            chances[at] = window.max(0.0) / i as f64;
        }
    }
    chances
}

fn pairs(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}

/// The variance of Kendall's score over all orders of `n` different values.
fn untied_variance(n: f64) -> f64 {
    n * (n - 1.0) * (2.0 * n + 5.0) / 18.0
}

/// The variance of Kendall's score over all orders of these values, given in ascending order.
fn score_variance(ordered: &[f64]) -> f64 {
    let mut variance = untied_variance(ordered.len() as f64);
    for group in ordered.chunk_by(|a, b| a >= b) {
        variance -= untied_variance(group.len() as f64);
    }
    variance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope_and_no_doubt() {
        let line: Vec<f64> = (0..20).map(|i| 3.0 - 0.5 * f64::from(i)).collect();
        assert_eq!(theil_sen(&line, 0.99), Some(Slope { slope: -0.5, low: -0.5, high: -0.5 }));
        let trend = mann_kendall(&line);
        assert!(
            trend.is_some_and(|t| (t.tau + 1.0).abs() < 1e-12 && t.p_value < 1e-17),
            "{trend:?}"
        );
    }

    #[test]
    fn outliers_do_not_turn_it() {
        let mut line: Vec<f64> = (0..30).map(f64::from).collect();
        line[4] = 1e9;
        line[20] = -1e9;
        assert!(theil_sen(&line, 0.95).is_some_and(|s| (s.slope - 1.0).abs() < 1e-9));
    }

    #[test]
    fn too_little_is_none() {
        assert_eq!(theil_sen(&[1.0, 2.0, 3.0, 2.0, 5.0], 0.99), None);
        assert!(theil_sen(&[1.0, 2.0, 3.0, 2.0, 5.0, 4.0], 0.99).is_some());
        assert_eq!(theil_sen(&[1.0; 9], 1.0), None);
        assert_eq!(theil_sen(&[], 0.5), None);
        assert_eq!(theil_sen(&[1.0], 0.1), None);
        assert_eq!(mann_kendall(&[1.0, 2.0]), None);
        let mut holed = [1.0; 9];
        holed[3] = f64::NAN;
        assert_eq!((theil_sen(&holed, 0.9), mann_kendall(&holed)), (None, None));
        let huge = [f64::MAX, f64::MIN, 0.0, 1.0, 2.0, 3.0, 4.0];
        assert_eq!(theil_sen(&huge, 0.9), None);
    }

    #[test]
    fn constants_have_no_trend() {
        assert_eq!(mann_kendall(&[7.0; 12]), Some(Trend { tau: 0.0, p_value: 1.0 }));
        assert_eq!(theil_sen(&[7.0; 12], 0.99), Some(Slope { slope: 0.0, low: 0.0, high: 0.0 }));
    }

    #[test]
    fn inversions_are_counted_right() {
        // The Mahonian numbers 1, 4, 9, 15, 20, 22, 20, ... out of 120.
        let counts: Vec<f64> = inversion_chances(5).iter().map(|c| (c * 120.0).round()).collect();
        assert_eq!(counts, [1.0, 4.0, 9.0, 15.0, 20.0, 22.0, 20.0, 15.0, 9.0, 4.0, 1.0]);
        assert!((inversion_chances(50).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_exact_and_the_normal_rank_meet() {
        for half in [0.05, 0.025, 0.005] {
            let (exact, normal) = (rank_below(50, half), rank_below(51, half));
            // A further value adds 50 pairs, half of them below.
            assert!(
                exact.zip(normal).is_some_and(|(e, n)| n >= e + 15 && n <= e + 25),
                "{exact:?} {normal:?}"
            );
        }
    }
}
