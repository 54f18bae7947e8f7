//! From times in turns to one value a launch, and how many turns a launch should have.

use crate::record::Rules;
use crate::stats::{median, sample_sd, signs_needed};

/// Fewest and most blocks of a launch.
const BLOCKS: (f64, f64) = (4.0, 80.0);
/// The variance of a median of normal values, in units of that of their mean.
const MEDIAN_VARIANCE: f64 = std::f64::consts::FRAC_PI_2;
/// Of the variance between launches that scatter within them would explain, this share is assumed
/// at least: a pilot of few launches may show none by luck.
const ASSUMED_SHARE: f64 = 0.25;
/// Phi^-1(0.95).
const Z_POWER: f64 = 1.644_853_626_951_472_7;

/// The logarithm of candidate over baseline of one block, ABBA or BAAB: a drift that is linear over
/// the block cancels. `None` where a time is not positive.
pub(crate) fn block_value(baseline: [f64; 2], candidate: [f64; 2]) -> Option<f64> {
    let log = |[first, second]: [f64; 2]| f64::midpoint(first.ln(), second.ln());
    let value = log(candidate) - log(baseline);
    value.is_finite().then_some(value)
}

/// The value of a launch: the median of its blocks; `None` where all were disturbed.
pub(crate) fn launch_value(blocks: &[f64]) -> Option<f64> {
    median(blocks)
}

/// How many blocks make the most of the time, from the values of the blocks of a few launches that
/// are not used again: b* = sqrt((cost of a launch / cost of a block) (variance within / between)),
/// between 4 and 80.
///
/// The variance of a launch's value is v + w/b, of which w/b comes from within; n launches take
/// n (C + b c). For a given precision n is proportional to v + w/b, and the product is least at b*
/// (Cochran, "Sampling Techniques", third edition, section 10.6).
pub(crate) fn blocks_per_launch(pilot: &[Vec<f64>], launch_ns: f64, block_ns: f64) -> u32 {
    let variances: Vec<f64> =
        pilot.iter().filter_map(|values| sample_sd(values)).map(|sd| sd * sd).collect();
    let launches: Vec<f64> = pilot.iter().filter_map(|values| median(values)).collect();
    let (Some(within), Some(between)) = (median(&variances), sample_sd(&launches)) else {
        return BLOCKS.0 as u32;
    };
    let blocks = pilot.iter().map(Vec::len).min().unwrap_or(1).max(1) as f64;
    let explained = MEDIAN_VARIANCE * within / blocks;
    let own = (between * between - explained).max(ASSUMED_SHARE * explained);
    let best = (launch_ns / block_ns * MEDIAN_VARIANCE * within / own).sqrt();
    // Without any scatter it does not matter.
    if best.is_finite() { best.clamp(BLOCKS.0, BLOCKS.1).round() as u32 } else { BLOCKS.0 as u32 }
}

/// The smallest true change, as a ratio, that so many launches are expected to show with a
/// probability of 95 %, their values scattering by that standard deviation: their signs must reach
/// the evidence, and their median the smallest change that matters. `None` where so few launches
/// show nothing.
pub(crate) fn outlook(scatter: f64, launches: u32, rules: &Rules) -> Option<f64> {
    let signs = signs_needed(u64::from(launches), -rules.alpha.ln())?;
    let median_error = scatter * (MEDIAN_VARIANCE / f64::from(launches)).sqrt();
    let by_size = rules.minimum_effect.ln_1p() + Z_POWER * median_error;
    let effect = (signs * scatter).max(by_size).exp_m1();
    effect.is_finite().then_some(effect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Rng;

    #[test]
    fn a_linear_drift_cancels_within_a_block() {
        // ABBA, each batch 1 % slower than the one before on the logarithmic scale.
        let at = |turn: i32, log: f64| (log + 0.01 * f64::from(turn)).exp();
        let value = block_value([at(0, 0.0), at(3, 0.0)], [at(1, 0.05), at(2, 0.05)]);
        assert!(value.is_some_and(|value| (value - 0.05).abs() < 1e-12));
        assert_eq!(block_value([0.0, 1.0], [1.0, 1.0]), None);
        assert_eq!(block_value([-1.0, 1.0], [1.0, 1.0]), None);
    }

    /// Launches with scatter of their own, and within.
    fn pilot(between: f64, within: f64, rng: &mut Rng) -> Vec<Vec<f64>> {
        let launch = |rng: &mut Rng| {
            let own = between * rng.normal();
            (0..8).map(|_| own + within * rng.normal()).collect()
        };
        (0..40).map(|_| launch(rng)).collect()
    }

    #[test]
    fn scatter_within_and_dear_launches_ask_for_more_blocks() {
        let mut rng = Rng::new(5);
        let even = pilot(0.01, 0.01, &mut rng);
        let noisy = pilot(0.001, 0.03, &mut rng);
        let steady = pilot(0.01, 0.0001, &mut rng);
        assert_eq!(blocks_per_launch(&steady, 6e6, 1e6), 4);
        let few = blocks_per_launch(&even, 6e6, 1e6);
        assert!(few <= 6, "{few}");
        assert!(blocks_per_launch(&noisy, 6e6, 1e6) > few);
        assert!(blocks_per_launch(&noisy, 4e8, 1e6) >= 60);
        assert_eq!(blocks_per_launch(&[vec![0.0; 8], vec![0.0; 8]], 6e6, 1e6), 4);
        assert_eq!(blocks_per_launch(&[], 6e6, 1e6), 4);
    }

    #[test]
    fn more_launches_show_smaller_changes_down_to_what_matters() {
        let rules = Rules::default();
        assert_eq!(outlook(0.01, 9, &rules), None);
        let effects: Vec<f64> =
            [10, 20, 60, 500].iter().filter_map(|n| outlook(0.02, *n, &rules)).collect();
        assert_eq!(effects.len(), 4);
        assert!(effects.windows(2).all(|pair| pair[1] < pair[0]), "{effects:?}");
        // 2.57 standard deviations of 2 %.
        assert!((effects[0] - 0.0527).abs() < 0.001, "{effects:?}");
        assert!(outlook(0.0001, 12, &rules).is_some_and(|e| (0.01..0.0105).contains(&e)));
    }
}
