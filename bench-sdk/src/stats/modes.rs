//! Two modes or one: does a benchmark switch between two speeds?

use super::order;

/// Fewer values are never called bimodal.
const FEWEST: usize = 20;
/// The share of values set aside at each end, so that outliers do not pass for a mode.
const TRIMMED: f64 = 0.05;
/// The smallest share of values that counts as a mode.
const SMALLEST_SHARE: f64 = 0.125;

/// Two modes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modes {
    /// The median of the values in the lower mode.
    pub low: f64,
    /// The median of the values in the upper mode.
    pub high: f64,
    /// The share of values in the upper mode, between 0 and 1.
    pub share_high: f64,
}

/// The two modes of the finite values where there clearly are two; `None` otherwise, and below 20
/// values.
///
/// The values are split where Ashman's D = |m1 - m2| / sqrt((s1^2 + s2^2) / 2) is largest (Ashman,
/// Bird and Zepf, "Detecting bimodality in astronomical datasets", Astronomical Journal 108
/// (1994)), leaving aside 5 % at each end and parts below one eighth. Both must hold:
///
/// - D >= 4.5 + 35/n. In large samples the best split reaches 3.5 for uniform values and less for
///   normal ones, 6 for two normal modes six standard deviations apart.
/// - The middle third between the two medians is emptier than the surroundings of both. In a
///   unimodal density it never is, as the density of the middle cannot lie below that of both
///   sides; the number of values there, against the less populated side, is judged by its binomial
///   tail.
///
/// Ties are first spread over the step of the grid they lie on, so that rounding makes no modes;
/// two values alone are therefore never two modes. By simulation (see the tests) unimodal noise is
/// called bimodal in at most 1 % of samples of 20 to 50 values and hardly ever at 200. Two normal
/// modes six standard deviations apart are found at 50 values in 99 % when they are equal and in
/// 90 % when 10 of the 50 are in one, from 100 values on nearly always. Invalid where the values
/// drift: a step in time also looks like two modes. Three modes are reported as two, a mode of
/// less than one eighth is not seen.
pub fn bimodal(values: &[f64]) -> Option<Modes> {
    let sorted = order::sorted(values);
    let n = sorted.len();
    if n < FEWEST {
        return None;
    }
    let spread = spread_ties(&sorted)?;
    let trimmed = (n as f64 * TRIMMED) as usize;
    let smallest = (n as f64 * SMALLEST_SHARE).ceil() as usize - trimmed;
    let core = &spread[trimmed..n - trimmed];
    let (split, separation) = best_split(core, smallest)?;
    if separation < 4.5 + 35.0 / n as f64 || !has_valley(&spread, core, split) {
        return None;
    }
    let (lower, upper) = sorted.split_at(trimmed + split);
    Some(Modes {
        low: order::median_sorted(lower)?,
        high: order::median_sorted(upper)?,
        share_high: upper.len() as f64 / n as f64,
    })
}

/// The values moved and scaled into [0, 1], ties spread evenly over the cell of the grid that they
/// lie on; `None` where all are equal. The cell is the smallest distance between two values.
fn spread_ties(sorted: &[f64]) -> Option<Vec<f64>> {
    let (first, last) = (*sorted.first()?, *sorted.last()?);
    let range = last - first;
    if !(range > 0.0 && range.is_finite()) {
        return None;
    }
    let mut spread = Vec::with_capacity(sorted.len());
    for value in sorted {
        spread.push((value - first) / range);
    }
    // Closer than this are numbers that only rounding told apart.
    let same = 1e-9;
    let mut cell = 1.0_f64;
    for pair in spread.windows(2) {
        let step = pair[1] - pair[0];
        if step > same {
            cell = cell.min(step);
        }
    }
    let mut start = 0;
    while start < spread.len() {
        let centre = spread[start];
        let mut end = start + 1;
        while end < spread.len() && spread[end] - centre <= same {
            end += 1;
        }
        let ties = (end - start) as f64;
        for (at, value) in spread[start..end].iter_mut().enumerate() {
            *value = centre + cell * ((at as f64 + 0.5) / ties - 0.5);
        }
        start = end;
    }
    Some(spread)
}

/// Where Ashman's D is largest, and D there: the first part has that many values.
fn best_split(core: &[f64], smallest: usize) -> Option<(usize, f64)> {
    let n = core.len();
    let centre = order::median_sorted(core)?;
    let (mut total, mut total_squares) = (0.0, 0.0);
    for value in core {
        total += value - centre;
        total_squares += (value - centre) * (value - centre);
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut best = None;
    for (i, value) in core.iter().enumerate() {
        sum += value - centre;
        squares += (value - centre) * (value - centre);
        let (left, right) = (i + 1, n - i - 1);
        if left < smallest || right < smallest {
            continue;
        }
        let (left, right) = (left as f64, right as f64);
        let (mean_left, mean_right) = (sum / left, (total - sum) / right);
        let variances = squares / left - mean_left * mean_left + (total_squares - squares) / right
            - mean_right * mean_right;
        // Spread ties keep the variances away from 0; the floor is for rounding.
        let separation = (mean_right - mean_left) / (variances.max(1e-18) / 2.0).sqrt();
        if best.is_none_or(|(_, found)| separation > found) {
            best = Some((i + 1, separation));
        }
    }
    best
}

/// Whether the middle between the two parts of `core` is emptier than the surroundings of both.
fn has_valley(all: &[f64], core: &[f64], split: usize) -> bool {
    let (lower, upper) = core.split_at(split);
    let (Some(low), Some(high)) = (order::median_sorted(lower), order::median_sorted(upper)) else {
        return false;
    };
    let distance = high - low;
    let valley = within(all, 0.5 * (low + high), distance / 6.0);
    let side = within(all, low, distance / 4.0).min(within(all, high, distance / 4.0));
    // A third of the distance in the middle against a half at the side.
    let chance = (1.0 / 3.0) / (1.0 / 3.0 + 1.0 / 2.0);
    let bound = if all.len() < 50 { 0.2 } else { 0.25 };
    binomial_at_most(valley, valley + side, chance) <= bound
}

/// How many of the ascending values lie within `reach` of `centre`.
fn within(sorted: &[f64], centre: f64, reach: f64) -> usize {
    let from = sorted.partition_point(|value| *value < centre - reach);
    sorted.partition_point(|value| *value <= centre + reach).saturating_sub(from)
}

/// P(Bin(n, p) <= k) for 0 < p < 1.
fn binomial_at_most(k: usize, n: usize, p: f64) -> f64 {
    let odds = (p / (1.0 - p)).ln();
    let mut log_term = n as f64 * (1.0 - p).ln();
    let mut sum = log_term.exp();
    for i in 1..=k.min(n) {
        log_term += ((n - i + 1) as f64 / i as f64).ln() + odds;
        sum += log_term.exp();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Rng;
    use crate::stats::simulate::Noise;

    /// The share of samples called bimodal.
    fn rate(repeats: u32, mut sample: impl FnMut() -> Vec<f64>) -> f64 {
        let found = (0..repeats).filter(|_| bimodal(&sample()).is_some()).count();
        found as f64 / f64::from(repeats)
    }

    fn two_modes(rng: &mut Rng, n: usize, upper: usize) -> Vec<f64> {
        (0..n).map(|i| 100.0 + rng.normal() + if i < upper { 6.0 } else { 0.0 }).collect()
    }

    #[test]
    fn unimodal_noise_is_left_alone() {
        let mut rng = Rng::new(11);
        for (n, repeats) in [(50, 4_000), (200, 800), (1_000, 100)] {
            for noise in Noise::UNIMODAL {
                let found = rate(repeats, || (0..n).map(|_| noise.draw(&mut rng)).collect());
                assert!(found <= 0.01, "{noise:?} at {n}: {found}");
            }
        }
        for noise in Noise::UNIMODAL {
            let found = rate(3_000, || (0..20).map(|_| noise.draw(&mut rng)).collect());
            assert!(found <= 0.0125, "{noise:?} at 20: {found}");
        }
    }

    #[test]
    fn two_clear_modes_are_found() {
        let mut rng = Rng::new(12);
        for (n, upper, repeats, least) in [
            (50, 25, 600, 0.97),
            (50, 10, 2_000, 0.88),
            (100, 20, 600, 0.97),
            (200, 40, 200, 0.99),
            (1_000, 500, 40, 1.0),
        ] {
            let found = rate(repeats, || two_modes(&mut rng, n, upper));
            assert!(found >= least, "{upper} of {n}: {found}");
        }
    }

    #[test]
    fn reports_where_the_modes_are_in_spite_of_outliers() {
        let mut rng = Rng::new(13);
        let mut values = two_modes(&mut rng, 300, 60);
        values.extend([9_000.0, 9_500.0, f64::NAN, f64::INFINITY]);
        let modes = bimodal(&values);
        assert!(
            modes.is_some_and(|m| (m.low - 100.0).abs() < 0.3
                && (m.high - 106.0).abs() < 0.6
                && (m.share_high - 62.0 / 302.0).abs() < 0.02),
            "{modes:?}"
        );
    }

    #[test]
    fn rounding_makes_no_modes() {
        let few = |counts: &[(f64, usize)]| {
            let mut values = Vec::new();
            for &(value, count) in counts {
                values.resize(values.len() + count, value);
            }
            bimodal(&values)
        };
        assert_eq!(few(&[(5.0, 40)]), None);
        assert_eq!(few(&[(5.0, 40), (6.0, 40)]), None);
        assert_eq!(few(&[(0.1 + 0.2, 20), (0.3, 20), (0.4, 25)]), None);
        assert_eq!(few(&[(5.0, 30), (6.0, 20), (7.0, 30)]), None);
        assert!(few(&[(5.0, 30), (6.0, 2), (15.0, 30)]).is_some());
    }

    #[test]
    fn degenerate_input_is_none() {
        assert_eq!(bimodal(&[]), None);
        assert_eq!(bimodal(&[f64::NAN; 100]), None);
        assert_eq!(bimodal(&[f64::MIN, f64::MAX].repeat(20)), None);
        assert_eq!(bimodal(&[1.0, 9.0].repeat(9)), None);
    }

    #[test]
    fn binomial_tails_by_hand() {
        assert!((binomial_at_most(1, 3, 0.5) - 0.5).abs() < 1e-15);
        assert!((binomial_at_most(0, 2, 0.4) - 0.36).abs() < 1e-15);
        assert!((binomial_at_most(5, 5, 0.4) - 1.0).abs() < 1e-12);
        assert!(binomial_at_most(0, 100_000, 0.4) < 1e-300);
    }
}
