//! How far values lie apart.

use super::order;

/// What the median absolute deviation is multiplied with to give the standard deviation of normal
/// values: 1 / Phi^-1(3/4).
const MAD_TO_SD: f64 = 1.482_602_218_505_602;

/// The standard deviation as the median absolute deviation shows it: 1.4826 times the median
/// distance from the median, over the finite values; `None` below two of them.
///
/// Rousseeuw and Croux, "Alternatives to the median absolute deviation", Journal of the American
/// Statistical Association 88 (1993). Not moved by outliers until they are half of all values. It
/// is the standard deviation only for normal values; 0 where more than half are equal.
pub fn robust_sd(values: &[f64]) -> Option<f64> {
    let sorted = order::sorted(values);
    if sorted.len() < 2 {
        return None;
    }
    let centre = order::median_sorted(&sorted)?;
    let mut distances = Vec::with_capacity(sorted.len());
    for value in sorted {
        distances.push((value - centre).abs());
    }
    distances.sort_unstable_by(f64::total_cmp);
    let sd = order::median_sorted(&distances)? * MAD_TO_SD;
    sd.is_finite().then_some(sd)
}

/// The standard deviation with n - 1 in the denominator, over the finite values; `None` below two.
pub fn sample_sd(values: &[f64]) -> Option<f64> {
    let kept = order::sorted(values);
    let centre = mean(&kept)?;
    if kept.len() < 2 {
        return None;
    }
    let mut squares = 0.0;
    for value in &kept {
        squares += (value - centre) * (value - centre);
    }
    let sd = (squares / (kept.len() as f64 - 1.0)).sqrt();
    sd.is_finite().then_some(sd)
}

/// The mean of the finite values; `None` where there are none.
pub fn mean(values: &[f64]) -> Option<f64> {
    let sorted = order::sorted(values);
    let (low, high) = (*sorted.first()?, *sorted.last()?);
    let n = sorted.len() as f64;
    let sum: f64 = sorted.iter().sum();
    let mean = if sum.is_finite() { sum / n } else { sorted.iter().map(|value| value / n).sum() };
    // Rounding must not carry it out of the range.
    Some(mean.max(low).min(high))
}

/// The smallest finite value; `None` where there are none.
pub fn min(values: &[f64]) -> Option<f64> {
    let mut smallest = None;
    for &value in values {
        if value.is_finite() && smallest.is_none_or(|found| value < found) {
            smallest = Some(value);
        }
    }
    smallest
}

/// How far the mean lies above the minimum, as a share of the minimum; `None` unless that is
/// positive.
///
/// For a benchmark it tells what interference, caches and the allocator add to the undisturbed
/// case. The minimum falls as samples are added, so compare only between equal numbers of them.
pub fn excess_of_mean(values: &[f64]) -> Option<f64> {
    let (mean, min) = (mean(values)?, min(values)?);
    let excess = (mean - min) / min;
    (min > 0.0 && excess.is_finite()).then_some(excess)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Rng;

    fn near(value: Option<f64>, expected: f64, margin: f64) -> bool {
        value.is_some_and(|value| (value - expected).abs() <= margin)
    }

    #[test]
    fn both_deviations_find_that_of_normal_values() {
        let mut rng = Rng::new(1);
        let mut values: Vec<f64> = (0..4_000).map(|_| 50.0 + 3.0 * rng.normal()).collect();
        assert!(near(sample_sd(&values), 3.0, 0.15));
        assert!(near(robust_sd(&values), 3.0, 0.2));
        for value in &mut values[..400] {
            *value = 1e9;
        }
        assert!(near(robust_sd(&values), 3.5, 0.3));
    }

    #[test]
    fn small_cases_by_hand() {
        let values = [1.0, 2.0, 4.0, 9.0, f64::NAN];
        assert!(near(mean(&values), 4.0, 1e-15));
        assert!(near(min(&values), 1.0, 0.0));
        assert!(near(excess_of_mean(&values), 3.0, 1e-15));
        assert!(near(sample_sd(&values), (38.0_f64 / 3.0).sqrt(), 1e-15));
        // Distances from the median 3 are 2, 1, 1 and 6.
        assert!(near(robust_sd(&values), 1.5 * MAD_TO_SD, 1e-15));
        assert!(near(robust_sd(&[5.0, 5.0, 5.0, 8.0]), 0.0, 0.0));
    }

    #[test]
    fn too_little_is_none() {
        assert_eq!(
            (mean(&[]), min(&[f64::NAN]), robust_sd(&[1.0]), sample_sd(&[1.0])),
            (None, None, None, None)
        );
        assert_eq!((excess_of_mean(&[0.0, 1.0]), excess_of_mean(&[-1.0, 1.0])), (None, None));
        assert_eq!(excess_of_mean(&[5e-324, f64::MAX]), None);
    }

    #[test]
    fn nothing_overflows() {
        let extremes = [f64::MAX, f64::MAX, f64::MAX];
        assert!(near(mean(&extremes), f64::MAX, 0.0));
        assert!(near(sample_sd(&extremes), 0.0, 0.0));
        assert_eq!(sample_sd(&[f64::MIN, f64::MAX]), None);
        assert!(mean(&[f64::MIN, f64::MAX]).is_some_and(f64::is_finite));
        assert!(robust_sd(&[f64::MIN, f64::MAX, 0.0]).is_none_or(f64::is_finite));
    }
}
