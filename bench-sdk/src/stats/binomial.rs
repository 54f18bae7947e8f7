//! The binomial distribution.

use super::beta;
#[cfg(feature = "cli")]
use super::order::Interval;

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

/// The interval of Clopper and Pearson for the chance of success, after `k` of `n` trials have
/// succeeded; `None` unless `k` <= `n`, 0 < `n` and 0 < `level` < 1.
///
/// Each end is the chance for which so many successes, or so few, have the probability
/// (1 - `level`) / 2 (Clopper and Pearson, "The use of confidence or fiducial limits illustrated in
/// the case of the binomial", 1934). It holds the true chance with probability `level` at least, of
/// trials that do not depend on each other.
#[cfg(feature = "cli")]
pub fn clopper_pearson(k: u32, n: u32, level: f64) -> Option<Interval> {
    if n == 0 || k > n || !(level > 0.0 && level < 1.0) {
        return None;
    }
    let outside = (1.0 - level) / 2.0;
    let low = if k == 0 { 0.0 } else { chance_for(k, n, outside)? };
    let high = if k == n { 1.0 } else { chance_for(k + 1, n, 1.0 - outside)? };
    Some(Interval { low, high, level })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends from scipy 1, `beta.ppf`.
    #[cfg(feature = "cli")]
    #[test]
    fn intervals_of_shares_agree_with_another_program() {
        for (k, n, low, high) in [
            (0, 48, 0.0, 0.073_972_785_347_280_22),
            (1, 48, 0.000_527_315_253_423_119_9, 0.110_696_160_593_152_21),
            (3, 20, 0.032_070_937_185_463_7, 0.378_926_826_545_313_96),
            (48, 48, 0.926_027_214_652_719_8, 1.0),
            (5, 1_000, 0.001_625_419_517_562_76, 0.011_629_470_559_812_147),
        ] {
            let found = clopper_pearson(k, n, 0.95);
            let near = |found: f64, expected: f64| (found - expected).abs() < 1e-9;
            assert!(
                found.is_some_and(|found| near(found.low, low) && near(found.high, high)),
                "{k} of {n}: {found:?}"
            );
        }
        assert_eq!((clopper_pearson(0, 0, 0.95), clopper_pearson(3, 2, 0.95)), (None, None));
        assert_eq!(clopper_pearson(1, 2, 1.0), None);
    }

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
