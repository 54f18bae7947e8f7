//! One new run against k old ones, by Student's t.

use crate::record::{MachineNoise, Ratio};
use crate::stats::student;

/// A machine never repeats itself better than this, as a ratio; runs that agree by luck, or because
/// their figures were rounded, do not make a test of endless sharpness.
const LEAST_SD: f64 = 1e-4;

/// What k runs of the baseline and one of the candidate say, on the scale of logarithms.
///
/// The variance that the runs show is held together with what is known of the machine, each with the
/// weight of its degrees of freedom: s~^2 = (d0 s0^2 + (k - 1) s^2) / (d0 + k - 1). A new run varies as
/// the old ones do, so t = delta / sqrt(s~^2 (1 + 1/k)). (Smyth, "Linear models and empirical Bayes
/// methods for assessing differential expression in microarray experiments", 2004.) It needs logarithms
/// of times that scatter about normally from run to run: with few runs, or where times fall into two
/// groups, it calls more or less often than it says.
#[derive(Clone, Copy, Debug)]
pub(super) struct TTest {
    delta: f64,
    standard_error: f64,
    degrees: f64,
}

impl TTest {
    /// `None` without a run, and where neither the runs nor the machine tell how much times vary.
    pub(super) fn new(
        baseline: &[f64],
        candidate: f64,
        noise: Option<&MachineNoise>,
    ) -> Option<Self> {
        if baseline.is_empty() {
            return None;
        }
        let k = baseline.len() as f64;
        let mean = baseline.iter().sum::<f64>() / k;
        let squares: f64 = baseline.iter().map(|y| (y - mean) * (y - mean)).sum();
        let (d0, s0) = noise.map_or((0.0, 0.0), |noise| (noise.d0.max(0.0), noise.s0));
        let degrees = d0 + k - 1.0;
        let variance = (d0 * s0 * s0 + squares) / degrees;
        let usable = degrees > 0.0 && variance.is_finite() && candidate.is_finite();
        usable.then(|| Self {
            delta: candidate - mean,
            standard_error: variance.sqrt().max(LEAST_SD) * (1.0 + 1.0 / k).sqrt(),
            degrees,
        })
    }

    /// The chance that runs of the same code are this much slower than `margin`, or more.
    pub(super) fn chance_above(&self, margin: f64) -> f64 {
        student::upper_tail((self.delta - margin) / self.standard_error, self.degrees)
    }

    /// The chance that they are this much faster than `margin`, or more.
    pub(super) fn chance_below(&self, margin: f64) -> f64 {
        student::upper_tail((margin - self.delta) / self.standard_error, self.degrees)
    }

    /// Both directions together.
    pub(super) fn two_sided(&self) -> f64 {
        (2.0 * self.chance_above(0.0).min(self.chance_below(0.0))).min(1.0)
    }

    /// The change with its interval at `alpha` a side.
    pub(super) fn ratio(&self, alpha: f64) -> Ratio {
        let half_width = student::quantile(1.0 - alpha, self.degrees);
        let half_width = half_width.map(|t| t * self.standard_error);
        let ends = half_width.map(|half| ((self.delta - half).exp(), (self.delta + half).exp()));
        let ends = ends.filter(|(_, high)| high.is_finite());
        Ratio {
            estimate: self.delta.exp(),
            low: ends.map(|(low, _)| low),
            high: ends.map(|(_, high)| high),
            level: ends.map(|_| 1.0 - 2.0 * alpha),
        }
    }
}

/// The largest p value that is a discovery when the share of false ones is held at `q` (Benjamini and
/// Hochberg, "Controlling the false discovery rate", 1995); `None` where there is no discovery.
pub(super) fn discovery_limit(p_values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = p_values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let holds = |(at, p): &(usize, f64)| *p <= q * (*at as f64 + 1.0) / count;
    sorted.into_iter().enumerate().filter(holds).map(|(_, p)| p).next_back()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn noise(s0: f64, d0: f64) -> MachineNoise {
        MachineNoise {
            schema: 1,
            measured_at: String::new(),
            cpu: None,
            s0,
            d0,
            comparisons: 0,
            false_alarms: 0,
            equivalent: 0,
            duration_ns: 0,
            effects: Vec::new(),
            kernels: Vec::new(),
        }
    }

    #[test]
    fn without_noise_it_is_the_textbook_test() {
        // Mean 0.02, s = 0.01, k = 3: t = 0.04 / (0.01 sqrt(4/3)) = 3.4641, two degrees of freedom.
        let test = TTest::new(&[0.01, 0.02, 0.03], 0.06, None).unwrap();
        // Of two degrees the tail is (1 - t / sqrt(t^2 + 2)) / 2.
        let t = 0.04 / (0.01 * (4.0_f64 / 3.0).sqrt());
        let tail = (1.0 - t / (t * t + 2.0).sqrt()) / 2.0;
        assert!((test.chance_above(0.0) - tail).abs() < 1e-9);
        assert!((test.two_sided() - 2.0 * tail).abs() < 1e-9);
        let mirrored = TTest::new(&[-0.01, -0.02, -0.03], -0.06, None).unwrap();
        assert!((mirrored.chance_below(0.0) - tail).abs() < 1e-9);
    }

    #[test]
    fn what_is_known_of_the_machine_counts_by_its_degrees() {
        let one = TTest::new(&[0.0], 0.05, Some(&noise(0.01, 30.0))).unwrap();
        assert!((one.standard_error - 0.01 * 2.0_f64.sqrt()).abs() < 1e-12);
        assert!((one.degrees - 30.0).abs() < 1e-12);
        assert!(TTest::new(&[0.0], 0.05, None).is_none());
        assert!(TTest::new(&[], 0.05, Some(&noise(0.01, 30.0))).is_none());
    }

    #[test]
    fn the_interval_ends_where_the_test_does() {
        let test = TTest::new(&[0.01, 0.02, 0.03, 0.02], 0.06, None).unwrap();
        let ratio = test.ratio(0.0025);
        assert!((test.chance_above(ratio.low.unwrap().ln()) - 0.0025).abs() < 1e-6);
        assert!((test.chance_below(ratio.high.unwrap().ln()) - 0.0025).abs() < 1e-6);
        assert_eq!(ratio.level, Some(0.995));
    }

    #[test]
    fn runs_that_agree_by_luck_are_not_endlessly_sharp() {
        let test = TTest::new(&[1.0; 5], 1.0 + 5e-5, None).unwrap();
        assert!(test.two_sided() > 0.1);
    }

    #[test]
    fn discoveries_are_those_of_benjamini_and_hochberg() {
        let p = [0.01, 0.04, 0.03, 0.5];
        // 0.01 <= 0.0125, 0.03 > 0.025, 0.04 > 0.0375.
        assert_eq!(discovery_limit(&p, 0.05), Some(0.01));
        assert_eq!(discovery_limit(&[0.01, 0.02, 0.03, 0.04], 0.05), Some(0.04));
        assert_eq!(discovery_limit(&[0.9], 0.05), None);
        assert_eq!(discovery_limit(&[], 0.05), None);
    }
}
