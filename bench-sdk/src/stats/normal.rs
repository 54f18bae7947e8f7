//! The normal distribution.

/// The probability that a standard normal variable exceeds `z`.
///
/// Below 3 from the series of Kummer's function, all terms positive; above from Laplace's continued
/// fraction (Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.2.11 and 26.2.14).
/// Relative error below 1e-12. 0 where the result is too small for a number, one half for NaN.
pub(super) fn upper_tail(z: f64) -> f64 {
    if z.is_nan() {
        return 0.5;
    }
    if z < 0.0 {
        return 1.0 - upper_tail(-z);
    }
    let density = density(z);
    if z < 3.0 {
        let (mut term, mut sum, mut odd) = (z, z, 1.0);
        while term > sum * 1e-17 {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        return 0.5 - density * sum;
    }
    if density == 0.0 {
        return 0.0;
    }
    let mut fraction = z;
    for level in (1..=120_u32).rev() {
        fraction = z + f64::from(level) / fraction;
    }
    density / fraction
}

/// The density of the standard normal distribution at `z`.
pub(super) fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

/// The value that a standard normal variable stays below with probability `p`; `None` unless
/// 0 < p < 1. By bisection.
pub fn quantile(p: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0) {
        return None;
    }
    let tail = p.min(1.0 - p);
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..64 {
        let middle = 0.5 * (low + high);
        if upper_tail(middle) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(if p < 0.5 { -low } else { low })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_formulas_meet() {
        let (series, fraction) = (upper_tail(3.0 - 1e-12), upper_tail(3.0));
        assert!((series / fraction - 1.0).abs() < 1e-10, "{series} {fraction}");
    }

    #[test]
    fn stays_a_probability_everywhere() {
        for z in
            [f64::NEG_INFINITY, -50.0, -1e-300, 0.0, 37.0, 38.6, 1e300, f64::INFINITY, f64::NAN]
        {
            assert!((0.0..=1.0).contains(&upper_tail(z)), "{z}");
        }
    }

    #[test]
    fn quantile_inverts_the_tail() {
        for p in [1e-12, 0.005, 0.2, 0.5, 0.9, 0.9975] {
            let z = quantile(p);
            assert!(z.is_some_and(|z| (upper_tail(-z) / p - 1.0).abs() < 1e-11), "{p} {z:?}");
        }
        for p in [0.0, 1.0, -0.1, 2.0, f64::NAN] {
            assert_eq!(quantile(p), None);
        }
    }
}
