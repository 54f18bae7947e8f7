//! What a run could have seen.

use super::{normal, order, spread};

/// The level of the intervals that are to be disjoint.
const LEVEL: f64 = 0.99;
/// Phi^-1(0.95): the chance with which they are to be.
const Z_POWER: f64 = 1.644_853_626_951_472_7;
/// The standard error of a median of normal values, in units of that of their mean: sqrt(pi / 2).
const MEDIAN_TO_MEAN: f64 = 1.253_314_137_315_500_3;

/// The smallest relative change that two runs like this one could tell apart: their 99 % intervals
/// would then be disjoint with a probability of about 95 %. `None` below three launches, without a
/// positive median, or where no two values differ.
///
/// `launch_medians` is one value a launch; `samples_within` the samples of one launch, of which only
/// their own scatter is used, as a floor for that of the medians (may be empty).
///
/// Derivation. A run of n launches has the interval [x(k), x(n-k+1)] of
/// [`order_interval`](super::order_interval). For a change d, the two are disjoint when
/// x(n-k+1) of one run lies below x(k) + d of the other. For normal launch medians of standard
/// deviation s, with p = (n-k+1 - 3/8) / (n + 1/4) and z = Phi^-1(p), the gap between these two has
/// about the mean 2 z s (Blom, "Statistical Estimates and Transformed Beta-Variables", 1958) and the
/// variance 2 p (1-p) / ((n+2) phi(z)^2) s^2 =: t^2 s^2. That s is itself only estimated, with a
/// relative variance of v = 1 / (2 (n-1)), widens what d = c s must allow for:
/// c - 2 z = 1.645 sqrt(t^2 + c^2 v), a quadratic in c. It gives 5.7 s for 8 launches, 2.9 s for 20.
/// For s stand the standard deviation of the launch medians, the width of their own interval over
/// 2 z, and the floor from within, whichever is largest.
///
/// Below 8 launches the intervals are whole ranges of a lower level than 99 %. By simulation the
/// probability is 94 to 99 % for normal and uniform launch medians; where single launches stray
/// far (t with 2 degrees of freedom, one in ten at ten times the scatter) it sinks to 73 to 80 %
/// at 8 launches. Invalid where the next run will see other conditions than this one.
pub fn smallest_effect(launch_medians: &[f64], samples_within: &[f64]) -> Option<f64> {
    let launches = order::sorted(launch_medians);
    let n = launches.len();
    let centre = order::median_sorted(&launches)?;
    if n < 3 || centre <= 0.0 {
        return None;
    }
    let (rank, _) = order::fixed_rank(n, LEVEL)?;
    let z = normal::quantile((n as f64 - rank as f64 + 0.625) / (n as f64 + 0.25))?;
    let mut scatter = spread::sample_sd(&launches)?;
    if z > 0.0 {
        scatter = scatter.max((launches[n - rank] - launches[rank - 1]) / (2.0 * z));
    }
    scatter = scatter.max(median_error(samples_within));
    let effect = widths_apart(n as f64, z) * scatter / centre;
    (effect > 0.0 && effect.is_finite()).then_some(effect)
}

/// The factor c of the derivation.
fn widths_apart(n: f64, z: f64) -> f64 {
    let p = 1.0 - normal::upper_tail(z);
    let density = normal::density(z);
    let gap_variance = 2.0 * p * (1.0 - p) / ((n + 2.0) * density * density);
    let square = Z_POWER * Z_POWER;
    let lead = 1.0 - square / (2.0 * (n - 1.0));
    let mean = 2.0 * z;
    (mean + (mean * mean - lead * (mean * mean - square * gap_variance)).max(0.0).sqrt()) / lead
}

/// The standard error of the median of these samples, 0 where it cannot be told.
fn median_error(samples: &[f64]) -> f64 {
    let Some(sd) = spread::robust_sd(samples) else {
        return 0.0;
    };
    MEDIAN_TO_MEAN * sd / (samples.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::simulate::Noise;
    use crate::stats::{Rng, order_interval};

    #[test]
    fn scales_with_the_scatter_and_not_with_the_unit() {
        let launches = [100.0, 101.0, 99.5, 100.5, 99.0, 100.2, 100.9, 99.8];
        let effect = smallest_effect(&launches, &[]);
        // The standard deviation is 0.66: 5.7 of it.
        assert!(effect.is_some_and(|e| (0.035..0.042).contains(&e)), "{effect:?}");
        let scaled = smallest_effect(&launches.map(|v| v * 1e6), &[]);
        let wider = smallest_effect(&launches.map(|v| 100.0 + 2.0 * (v - 100.0)), &[]);
        assert!(effect.zip(scaled).is_some_and(|(a, b)| (a / b - 1.0).abs() < 1e-9));
        assert!(effect.zip(wider).is_some_and(|(a, b)| (b / a - 2.0).abs() < 0.01));
    }

    #[test]
    fn launches_that_agree_by_chance_fall_back_on_the_samples() {
        let samples: Vec<f64> = (0..100).map(|i| 100.0 + f64::from(i % 11) - 5.0).collect();
        let effect = smallest_effect(&[100.0, 100.0, 100.0], &samples);
        assert!(effect.is_some_and(|e| e > 0.02), "{effect:?}");
        assert_eq!(smallest_effect(&[100.0; 8], &[]), None);
    }

    #[test]
    fn too_little_is_none() {
        assert_eq!(smallest_effect(&[], &[]), None);
        assert_eq!(smallest_effect(&[100.0], &[1.0, 2.0]), None);
        assert_eq!(smallest_effect(&[100.0, 101.0, f64::NAN], &[]), None);
        assert_eq!(smallest_effect(&[0.0, 0.0, 0.0, 1.0], &[]), None);
        assert_eq!(smallest_effect(&[f64::MIN, f64::MAX, 1.0], &[]), None);
    }

    /// How often two runs at the effect that a third like them announced have disjoint intervals.
    fn power(noise: Noise, launches: usize, rng: &mut Rng) -> f64 {
        let mut run = |shift: f64| -> Vec<f64> {
            let mut values: Vec<f64> =
                (0..launches).map(|_| 1_000.0 + noise.draw(rng) + shift).collect();
            values.sort_unstable_by(f64::total_cmp);
            values
        };
        let mut apart = 0.0;
        for _ in 0..1_500 {
            let effect = smallest_effect(&run(0.0), &[]).map_or(0.0, |relative| relative * 1_000.0);
            let intervals = (order_interval(&run(0.0), LEVEL), order_interval(&run(effect), LEVEL));
            if let (Some(before), Some(after)) = intervals {
                apart += f64::from(u8::from(after.low > before.high));
            }
        }
        apart / 1_500.0
    }

    #[test]
    fn the_announced_effect_is_seen() {
        let mut rng = Rng::new(21);
        for launches in [3, 8, 12, 30] {
            for noise in [Noise::Normal, Noise::Uniform] {
                let power = power(noise, launches, &mut rng);
                assert!((0.92..=0.995).contains(&power), "{noise:?} at {launches}: {power}");
            }
        }
        for noise in [Noise::HeavyTails, Noise::Contaminated, Noise::Lognormal] {
            let power = power(noise, 8, &mut rng);
            assert!(power >= 0.7, "{noise:?}: {power}");
        }
    }
}
