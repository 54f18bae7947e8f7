//! What comparisons of kernels with themselves tell of a machine.

use super::kernels::{ANCHOR, KERNELS};
use crate::compare::Suite;
use crate::record::{KernelNoise, MachineNoise, NOISE_SCHEMA, Rules};
use crate::runner::Taken;
use crate::stats::{median, robust_sd, sample_sd};

/// Budgets of a case for which the effect is told, in nanoseconds.
const BUDGETS_NS: [u64; 4] = [500_000_000, 1_000_000_000, 2_000_000_000, 10_000_000_000];

/// One comparison of a kernel with itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    /// Index of the kernel.
    pub(super) kernel: usize,
    /// Which turn of all kernels it belongs to.
    pub(super) round: usize,
    /// Whether anything of it was called different.
    pub(super) alarm: bool,
    /// Whether its time was shown to be equivalent.
    pub(super) equivalent: bool,
    /// What it took and gave.
    pub(super) taken: Taken,
}

impl Seen {
    /// The time of the run that the baseline's launches make up, in nanoseconds an iteration.
    fn time_ns(&self) -> Option<f64> {
        median(&self.taken.baseline_ns).filter(|ns| *ns > 0.0)
    }

    fn spread(&self) -> Option<f64> {
        robust_sd(&self.taken.differences)
    }

    fn launches(&self) -> f64 {
        self.taken.differences.len() as f64
    }
}

/// Sums up; `None` where kernels did not run often enough to tell how much runs differ.
pub(super) fn summary(seen: &[Seen], duration_ns: u64) -> Option<MachineNoise> {
    let kernels: Vec<KernelNoise> =
        (0..KERNELS.len()).filter_map(|kernel| of_kernel(seen, kernel)).collect();
    let variances: Vec<(f64, usize)> =
        (0..KERNELS.len()).filter_map(|kernel| variance(seen, kernel)).collect();
    let (s0, d0) = pooled(&variances)?;
    let count = |is: fn(&Seen) -> bool| seen.iter().filter(|seen| is(seen)).count() as u32;
    Some(MachineNoise {
        schema: NOISE_SCHEMA,
        measured_at: String::new(),
        cpu: None,
        s0,
        d0,
        comparisons: seen.len() as u32,
        false_alarms: count(|seen| seen.alarm),
        equivalent: count(|seen| seen.equivalent),
        duration_ns,
        effects: effects(seen),
        kernels,
    })
}

fn of_kernel(seen: &[Seen], kernel: usize) -> Option<KernelNoise> {
    let own: Vec<&Seen> = seen.iter().filter(|seen| seen.kernel == kernel).collect();
    let launches: Vec<f64> = own.iter().map(|seen| seen.launches()).collect();
    let spreads: Vec<f64> = own.iter().filter_map(|seen| seen.spread()).collect();
    Some(KernelNoise {
        name: KERNELS.get(kernel)?.0.to_owned(),
        comparisons: own.len() as u32,
        equivalent: own.iter().filter(|seen| seen.equivalent).count() as u32,
        launches: median(&launches)?,
        spread: median(&spreads),
        between_runs: variance(seen, kernel).map(|(variance, _)| variance.sqrt()),
    })
}

/// The variance of the logarithm of a kernel's time over the anchor's of the same round, and its
/// degrees of freedom.
fn variance(seen: &[Seen], kernel: usize) -> Option<(f64, usize)> {
    if KERNELS.get(kernel)?.0 == ANCHOR {
        return None;
    }
    let is_anchor = |seen: &&Seen| KERNELS.get(seen.kernel).is_some_and(|own| own.0 == ANCHOR);
    let anchor_ns = |round: usize| {
        seen.iter().filter(is_anchor).find(|seen| seen.round == round).and_then(Seen::time_ns)
    };
    let own = seen.iter().filter(|seen| seen.kernel == kernel);
    let logs: Vec<f64> = own
        .filter_map(|seen| Some((seen.time_ns()? / anchor_ns(seen.round)?).ln()))
        .filter(|log| log.is_finite())
        .collect();
    Some((sample_sd(&logs)?.powi(2), logs.len() - 1))
}

/// s0 and d0 of the variances of kernels, each with its degrees of freedom.
///
/// s0^2 is their mean. A benchmark that is not among the kernels may vary as much as any of them
/// does, so d0 is that of the scaled chi-squared distribution with their mean m and variance v,
/// 2 m^2 / v (Satterthwaite, "An approximate distribution of estimates of variance components",
/// 1946), and at most the sum of their degrees, which it would be if all varied alike.
fn pooled(variances: &[(f64, usize)]) -> Option<(f64, f64)> {
    let values: Vec<f64> = variances.iter().map(|(variance, _)| *variance).collect();
    let most = variances.iter().map(|(_, degrees)| *degrees as f64).sum::<f64>();
    let mean = crate::stats::mean(&values).filter(|mean| *mean > 0.0)?;
    let alike = sample_sd(&values).map_or(most, |sd| 2.0 * (mean / sd).powi(2));
    (most > 0.0).then(|| (mean.sqrt(), alike.min(most).max(1.0)))
}

/// The smallest change that each budget shows, of a case that is like the kernels in the middle.
fn effects(seen: &[Seen]) -> Vec<(u64, f64)> {
    let middle = |of: &dyn Fn(&Seen) -> Option<f64>| {
        median(&seen.iter().filter_map(of).collect::<Vec<f64>>())
    };
    let launch_ns =
        |seen: &Seen| (seen.launches() > 0.0).then(|| seen.taken.launches_ns / seen.launches());
    let known =
        (middle(&Seen::spread), middle(&launch_ns), middle(&|seen| Some(seen.taken.before_ns)));
    let (Some(spread), Some(launch_ns), Some(before_ns)) = known else { return Vec::new() };
    let effect = |budget_ns: u64| {
        let rules = Rules { budget_ns, ..Rules::default() };
        let mut suite = Suite::new(rules);
        suite.add(rules.minimum_effect, None);
        let launches = (budget_ns as f64 - before_ns).max(0.0) / launch_ns.max(1.0);
        Some((budget_ns, suite.outlook(spread, launches as u32)?))
    };
    BUDGETS_NS.into_iter().filter_map(effect).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A comparison whose launches took 10 ms each and spread by about that much.
    fn seen(kernel: usize, round: usize, time_ns: f64, spread: f64) -> Seen {
        let scatter = |at: u32| spread * (f64::from(at % 5) - 2.0);
        let taken = Taken {
            baseline_ns: vec![time_ns; 15],
            differences: (0..15).map(scatter).collect(),
            before_ns: 1e8,
            launches_ns: 1.5e8,
        };
        Seen { kernel, round, alarm: false, equivalent: true, taken }
    }

    /// Rounds in which the machine as a whole gets slower and one kernel varies by itself.
    fn rounds() -> Vec<Seen> {
        let mut all = Vec::new();
        for (round, varied) in [0.99_f64, 1.0, 1.01].into_iter().enumerate() {
            let machine = 1.0 + 0.1 * round as f64;
            all.push(seen(0, round, 1_000.0 * machine, 0.001));
            all.push(seen(1, round, 500.0 * machine * varied, 0.001));
            all.push(seen(2, round, 300.0 * machine * varied, 0.001));
        }
        all
    }

    #[test]
    fn runs_are_held_against_the_anchor() {
        let noise = summary(&rounds(), 7);
        assert!(noise.as_ref().is_some_and(|noise| (noise.s0 - 0.01).abs() < 1e-6), "{noise:?}");
        assert!(noise.as_ref().is_some_and(|noise| noise.kernels[0].between_runs.is_none()));
        // Two kernels with two degrees each, which vary alike.
        assert!(noise.is_some_and(|noise| (noise.d0 - 4.0).abs() < 1e-9));
    }

    #[test]
    fn kernels_that_vary_unlike_are_worth_less() {
        let (s0, d0) = pooled(&[(1.0, 9), (3.0, 9)]).unwrap_or_default();
        assert!((s0 - 2.0_f64.sqrt()).abs() < 1e-12 && (d0 - 4.0).abs() < 1e-12, "{s0} {d0}");
        assert_eq!(pooled(&[]), None);
        assert_eq!(pooled(&[(0.0, 4), (0.0, 4)]), None);
        assert_eq!(summary(&rounds()[..3], 0), None);
    }

    #[test]
    fn alarms_and_equivalents_are_counted() {
        let mut all = rounds();
        all[4].alarm = true;
        all[4].equivalent = false;
        let noise = summary(&all, 7);
        let counts = noise.as_ref().map(|n| (n.comparisons, n.false_alarms, n.equivalent));
        assert_eq!(counts, Some((9, 1, 8)));
        let kernel = noise.map(|noise| noise.kernels[1].clone());
        assert_eq!(kernel.map(|kernel| (kernel.comparisons, kernel.equivalent)), Some((3, 2)));
    }

    #[test]
    fn larger_budgets_show_smaller_effects() {
        let effects = effects(&rounds());
        assert_eq!(effects.iter().map(|(budget, _)| *budget).collect::<Vec<_>>(), BUDGETS_NS);
        assert!(effects.windows(2).all(|pair| pair[1].1 < pair[0].1), "{effects:?}");
        assert!(effects.iter().all(|(_, effect)| (0.01..0.02).contains(effect)), "{effects:?}");
        let mut slow = rounds();
        for seen in &mut slow {
            seen.taken.launches_ns = 1.5e10;
        }
        // No budget buys as many launches as it takes.
        assert!(super::effects(&slow).is_empty());
    }
}
