//! Student's t distribution.

use super::{beta, normal};

/// From here on it is the normal distribution but for some millionths of its tails.
const NORMAL_FROM: f64 = 1e8;

/// The probability that Student's t with `df` degrees of freedom (any positive number) exceeds `t`.
///
/// Half of I(df/2, 1/2) at df / (df + t^2) on the positive side (Abramowitz and Stegun, "Handbook
/// of Mathematical Functions", 26.7.1 and 26.5.27). Relative error below 1e-9. One half for NaN or
/// where `df` is not positive.
pub fn upper_tail(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return 0.5;
    }
    if t < 0.0 {
        return 1.0 - upper_tail(-t, df);
    }
    if df > NORMAL_FROM {
        return normal::upper_tail(t);
    }
    // Both parts of 1, each without subtracting from 1.
    let square = t * t;
    if !square.is_finite() {
        return 0.0;
    }
    let (x, y) = (df / (df + square), square / (df + square));
    // The side on which the continued fraction converges.
    let inside = if x > (df / 2.0 + 1.0) / (df / 2.0 + 2.5) {
        1.0 - beta::front(y, x, 0.5, df / 2.0)
    } else {
        beta::front(x, y, df / 2.0, 0.5)
    };
    0.5 * inside
}

/// The value that Student's t with `df` degrees of freedom stays below with probability `p`;
/// `None` unless 0 < `p` < 1 and `df` > 0, or where it is too large for a number. By bisection.
pub fn quantile(p: f64, df: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && df > 0.0) {
        return None;
    }
    let tail = p.min(1.0 - p);
    let (mut low, mut high) = (0.0, 1.0);
    while upper_tail(high, df) > tail {
        (low, high) = (high, high * 2.0);
        if high > 1e150 {
            return None;
        }
    }
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if upper_tail(middle, df) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    let distance = 0.5 * (low + high);
    Some(if p < 0.5 { -distance } else { distance })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_degrees_have_closed_forms() {
        for t in [0.0_f64, 1e-9, 0.3, 1.0, 5.0, 1e3, 1e9] {
            let cauchy = t.recip().atan() / std::f64::consts::PI;
            let two = 1.0 / ((t * t + 2.0) * (1.0 + t / (t * t + 2.0).sqrt()));
            assert!((upper_tail(t, 1.0) / cauchy - 1.0).abs() < 1e-10, "{t}");
            assert!((upper_tail(t, 2.0) / two - 1.0).abs() < 1e-10, "{t}");
        }
        assert!(quantile(0.75, 1.0).is_some_and(|t| (t - 1.0).abs() < 1e-10));
    }

    #[test]
    fn many_degrees_are_normal() {
        for t in [-2.0, 0.1, 3.0, 6.0] {
            let normal = normal::upper_tail(t);
            assert!((upper_tail(t, 0.99e8) / normal - 1.0).abs() < 5e-6, "{t}");
            assert!((upper_tail(t, f64::INFINITY) / normal - 1.0).abs() < 1e-15, "{t}");
        }
    }

    #[test]
    fn degenerate_input_is_harmless() {
        for (t, df) in [(f64::NAN, 3.0), (1.0, 0.0), (1.0, -2.0), (1.0, f64::NAN)] {
            assert!((upper_tail(t, df) - 0.5).abs() < 1e-15);
        }
        assert!(upper_tail(f64::INFINITY, 3.0) < 1e-300);
        assert!((upper_tail(f64::NEG_INFINITY, 3.0) - 1.0).abs() < 1e-15);
        for (p, df) in [(0.0, 3.0), (1.0, 3.0), (0.5, 0.0), (0.5, f64::NAN), (f64::NAN, 3.0)] {
            assert_eq!(quantile(p, df), None);
        }
        assert!(quantile(0.5, 7.0).is_some_and(|t| t.abs() < 1e-12));
    }
}
