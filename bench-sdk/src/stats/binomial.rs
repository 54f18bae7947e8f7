//! The binomial distribution.

use super::beta;

/// The chance of success from which on at least `k` of `n` trials succeed with probability
/// `power`; `None` unless 0 < `k` <= `n` and 0 < `power` < 1.
///
/// P(Bin(n, p) >= k) = `I_p(k, n-k+1)`, which rises with p (Abramowitz and Stegun, "Handbook of
/// Mathematical Functions", 26.5.24). By bisection.
pub fn chance_for(k: u32, n: u32, power: f64) -> Option<f64> {
    if k == 0 || k > n || !(power > 0.0 && power < 1.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if beta::regularised(middle, f64::from(k), f64::from(n - k) + 1.0) < power {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_have_closed_forms() {
        let near = |found: Option<f64>, expected: f64| {
            found.is_some_and(|found| (found - expected).abs() < 1e-12)
        };
        assert!(near(chance_for(10, 10, 0.95), 0.95_f64.powf(0.1)));
        assert!(near(chance_for(1, 10, 0.95), 1.0 - 0.05_f64.powf(0.1)));
        assert!(near(chance_for(3, 5, 0.5), 0.5));
        assert_eq!((chance_for(0, 5, 0.5), chance_for(6, 5, 0.5)), (None, None));
        assert_eq!((chance_for(2, 5, 1.0), chance_for(2, 5, f64::NAN)), (None, None));
    }
}
