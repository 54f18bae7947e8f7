//! From timed blocks to the value of a launch, and what launches of a given spread can show.

use crate::record::Rules;
use crate::stats::{Bound, chance_for, median, normal_quantile, robust_sd};

/// Blocks of a launch: no fewer, so that one disturbed block does not carry the median.
pub(crate) const FEWEST_BLOCKS: u32 = 4;
/// And no more.
pub(crate) const MOST_BLOCKS: u32 = 80;
/// Where the pilot does not say.
const USUAL_BLOCKS: u32 = 8;
/// The variance of a median of normal values, in units of that of their mean: pi / 2.
const MEDIAN_TO_MEAN: f64 = std::f64::consts::FRAC_PI_2;
/// For fewer launches nothing is announced: independent ones may seem to depend on each other, and
/// are then judged in fours. Of series that leave no other doubt, 84 % are called at the tenth
/// launch, 95 % by the seventeenth and 96 % by the twentieth.
const FEWEST_FOR_OUTLOOK: u32 = 20;
/// The probability with which each of the two things that a verdict takes is to happen, so that
/// both do with 95 %.
const EACH: f64 = 0.975;

/// The value of a block that timed the baseline in `a1_ns` and `a2_ns` and the candidate in `b1_ns`
/// and `b2_ns`, in whichever order: (ln B1 + ln B2 - ln A1 - ln A2) / 2, the logarithm of
/// candidate over baseline. `None` where a time is not positive.
///
/// In ABBA and BAAB a drift that is steady during the block falls out.
pub(crate) fn block_value(a1_ns: f64, b1_ns: f64, a2_ns: f64, b2_ns: f64) -> Option<f64> {
    let times = [a1_ns, b1_ns, a2_ns, b2_ns];
    if times.iter().any(|time| !(*time > 0.0 && time.is_finite())) {
        return None;
    }
    Some(0.5 * (b1_ns.ln() + b2_ns.ln() - a1_ns.ln() - a2_ns.ln()))
}

/// The value d of a launch: the median of its blocks; `None` where none is left.
///
/// One block is enough: it is as symmetric between the sides as many, and a launch that is left
/// out says nothing at all.
pub(crate) fn launch_value(blocks: &[f64]) -> Option<f64> {
    median(blocks)
}

/// How many blocks a launch had best have, so that a given time says the most, from 4 to 80.
///
/// b* = sqrt((C / c) (w / s)), C being the cost of a launch without its blocks, c that of a block,
/// w the variance within launches and s that between them: the allocation of two-stage sampling
/// (Cochran, "Sampling Techniques", third edition, section 10.6). `pilot` holds the block values
/// of some launches, which must not be used again: with them the number of blocks would depend on
/// the values that are judged. Both variances are taken from median absolute deviations. That of
/// the launches is what the medians of the launches scatter beyond what their blocks explain, and
/// at least a quarter of the latter: less cannot be told apart from nothing by a few launches.
/// With fewer than two launches of two blocks it is 8.
pub(crate) fn blocks_per_launch(
    pilot: &[Vec<f64>],
    launch_cost_ns: f64,
    block_cost_ns: f64,
) -> u32 {
    let costs = launch_cost_ns / block_cost_ns;
    let Some((within, launch)) = variances(pilot) else {
        return USUAL_BLOCKS;
    };
    let best = (costs * (within / launch)).sqrt();
    if best.is_nan() {
        // No scatter at all, or costs that are not known.
        return if within > 0.0 { USUAL_BLOCKS } else { FEWEST_BLOCKS };
    }
    best.round().clamp(f64::from(FEWEST_BLOCKS), f64::from(MOST_BLOCKS)) as u32
}

/// The variance of blocks within a launch, and that of launches beyond it.
fn variances(pilot: &[Vec<f64>]) -> Option<(f64, f64)> {
    let (mut medians, mut distances, mut blocks) = (Vec::new(), Vec::new(), 0);
    for launch in pilot.iter().filter(|launch| launch.len() >= 2) {
        let Some(centre) = median(launch) else { continue };
        medians.push(centre);
        blocks += launch.len();
        distances.extend(launch.iter().map(|value| value - centre));
    }
    if medians.len() < 2 {
        return None;
    }
    let blocks = blocks as f64 / medians.len() as f64;
    // Distances from a median of the same values come out small by about this much.
    let within = robust_sd(&distances)?.powi(2) * blocks / (blocks - 1.0);
    let explained = MEDIAN_TO_MEAN * within / blocks;
    let scatter = robust_sd(&medians)?.powi(2);
    Some((within, (scatter - explained).max(explained / 4.0)))
}

/// The smallest true change, as a ratio, that so many launches call with a probability of 95 % in
/// a comparison of its own; `None` below 20 launches, which call nothing that surely, and for a
/// spread that is not a number.
///
/// `spread_of_launches` is the standard deviation of d, robustly estimated. For normal d with
/// median D and standard deviation s: of n launches at least k*, the fewest for which E' reaches
/// the bound, must lie on the side of D, and their median beyond the minimum effect m. Each happens
/// with 97.5 %: D >= s z(p), p being the chance for which P(Bin(n, p) >= k*) is that, and
/// D >= m + s z(0.975) sqrt(pi / (2n)). Looking only at the last launch is on the safe side.
#[cfg(test)]
pub(super) fn outlook(spread_of_launches: f64, launches: u32, rules: &Rules) -> Option<f64> {
    outlook_among(1, spread_of_launches, launches, rules)
}

/// [`outlook`] for one of so many comparisons, of which no other is called.
pub(super) fn outlook_among(
    comparisons: usize,
    spread_of_launches: f64,
    launches: u32,
    rules: &Rules,
) -> Option<f64> {
    let known = spread_of_launches >= 0.0 && spread_of_launches.is_finite();
    if !known || launches < FEWEST_FOR_OUTLOOK {
        return None;
    }
    let needed = (1.0 / rules.alpha).max(2.0 * comparisons as f64 / rules.q);
    let fewest = Bound::new(needed.ln()).smallest_k(launches);
    let z_sign = normal_quantile(chance_for(fewest, launches, EACH)?)?;
    let error = (MEDIAN_TO_MEAN / f64::from(launches)).sqrt();
    let z_median = normal_quantile(EACH)? * error;
    let shown = spread_of_launches * z_sign;
    let matters = rules.minimum_effect.ln_1p() + spread_of_launches * z_median;
    let effect = shown.max(matters).exp_m1();
    effect.is_finite().then_some(effect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Rng;

    #[test]
    fn blocks_measure_the_ratio_whatever_drifts() {
        let near = |value: Option<f64>, expected: f64| {
            value.is_some_and(|value| (value - expected).abs() < 1e-12)
        };
        assert!(near(block_value(10.0, 11.0, 10.0, 11.0), 1.1_f64.ln()));
        // A B B A at a speed that falls by a tenth each time.
        assert!(near(block_value(1.0, 2.2, 1.331, 2.42), 2.0_f64.ln()));
        for times in [[0.0, 1.0, 1.0, 1.0], [1.0, -1.0, 1.0, 1.0], [1.0, 1.0, f64::NAN, 1.0]] {
            assert_eq!(block_value(times[0], times[1], times[2], times[3]), None);
        }
        assert_eq!(block_value(1.0, 1.0, 1.0, f64::INFINITY), None);
        assert_eq!((launch_value(&[]), launch_value(&[0.3])), (None, Some(0.3)));
        assert_eq!(launch_value(&[0.3, 9.0, 0.1]), Some(0.3));
    }

    /// Launches of so many blocks with these standard deviations.
    fn pilot(
        rng: &mut Rng,
        launches: usize,
        blocks: usize,
        launch: f64,
        within: f64,
    ) -> Vec<Vec<f64>> {
        let mut pilot = Vec::new();
        for _ in 0..launches {
            let level = launch * rng.normal();
            pilot.push((0..blocks).map(|_| level + within * rng.normal()).collect());
        }
        pilot
    }

    #[test]
    fn blocks_follow_the_source_of_the_scatter() {
        let mut rng = Rng::new(51);
        let mut best = |launch: f64, within: f64| -> f64 {
            let mut total = 0;
            for _ in 0..200 {
                total += blocks_per_launch(&pilot(&mut rng, 6, 8, launch, within), 2e8, 1e6);
            }
            f64::from(total) / 200.0
        };
        // sqrt(200 * 4) = 28, sqrt(200 / 400) = 0.7, and without an effect of launches the most
        // that six launches can ask for: sqrt(200 * 8 * 4 / 1.57) = 64.
        let found = (best(1.0, 2.0), best(1.0, 0.05), best(0.0, 1.0));
        assert!((20.0..45.0).contains(&found.0), "{found:?}");
        assert!((found.1 - 4.0).abs() < 0.1, "{found:?}");
        assert!((45.0..=80.0).contains(&found.2), "{found:?}");
    }

    #[test]
    fn an_outlier_does_not_decide() {
        let mut rng = Rng::new(52);
        let mut values = pilot(&mut rng, 6, 8, 1.0, 2.0);
        let before = blocks_per_launch(&values, 2e8, 1e6);
        values[0][0] = 1e6;
        values[3][5] = -1e6;
        let after = blocks_per_launch(&values, 2e8, 1e6);
        assert!(before.abs_diff(after) <= 15, "{before} {after}");
    }

    #[test]
    fn what_the_pilot_does_not_say_is_usual() {
        assert_eq!(blocks_per_launch(&[], 1e8, 1e6), 8);
        assert_eq!(blocks_per_launch(&[vec![0.1, 0.2, 0.3]], 1e8, 1e6), 8);
        assert_eq!(blocks_per_launch(&[vec![0.1], vec![0.2]], 1e8, 1e6), 8);
        assert_eq!(blocks_per_launch(&[vec![0.0; 4], vec![0.0; 4]], 1e8, 1e6), 4);
        assert_eq!(blocks_per_launch(&[vec![0.0; 4], vec![0.1; 4]], 1e8, 1e6), 4);
        let scattered = [vec![0.1, 0.2, 0.4], vec![0.3, 0.1, 0.2]];
        assert_eq!(blocks_per_launch(&scattered, f64::NAN, 1e6), 8);
        assert_eq!(blocks_per_launch(&scattered, 1e8, 0.0), 80);
        assert_eq!(blocks_per_launch(&scattered, 0.0, 1e6), 4);
    }

    #[test]
    fn outlooks_shrink_with_launches_to_the_minimum_effect() {
        let rules = Rules::default();
        assert_eq!(outlook(0.01, 19, &rules), None);
        assert_eq!((outlook(f64::NAN, 50, &rules), outlook(-0.01, 50, &rules)), (None, None));
        assert!(outlook(0.0, 20, &rules).is_some_and(|effect| (effect - 0.01).abs() < 1e-12));
        let effects: Vec<f64> =
            [20, 30, 60, 200, 700].map(|n| outlook(0.02, n, &rules).unwrap_or(0.0)).into();
        assert!(effects.windows(2).all(|pair| pair[0] > pair[1] && pair[1] > 0.01), "{effects:?}");
        // 18 of 20 on one side with 97.5 %: each with 97 %, 1.9 standard deviations.
        assert!((effects[0] - 0.038).abs() < 3e-3, "{effects:?}");
        let among = outlook_among(100, 0.02, 20, &rules);
        assert!(among.is_some_and(|effect| effect > effects[0]), "{among:?}");
    }
}
