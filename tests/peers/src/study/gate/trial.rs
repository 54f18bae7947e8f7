//! Raw data: one comparison.

use serde::{Deserialize, Serialize};

use crate::failure::Result;
use crate::figures::{median, robust_sd};
use crate::fixture::{KERNELS, Kernel};

/// The spread of launches, in per cent, and the time of one, in seconds, of what counts as steady:
/// starting both sides should take at most half of that, the rest is blocks and latencies.
const STEADY_PERCENT: f64 = 1.0;
const STEADY_LAUNCH_S: f64 = 0.040;
/// So many comparisons of a study may fail.
const FAILURES: usize = 10;
/// Spread of a median over that of what it is taken from, times the root of their number.
const MEDIAN_SPREAD: f64 = 1.2533;

/// Who compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Judge {
    Own,
    Criterion,
    Divan,
    Tango,
}

impl Judge {
    pub(crate) const PEERS: [Self; 3] = [Self::Criterion, Self::Divan, Self::Tango];

    /// The peers that compare that kind: none of them, or all; in a smoke run one.
    pub(super) fn peers_of(kernel: &Kernel, is_quick: bool) -> Vec<Self> {
        let mut contested = KERNELS.iter().filter(|kernel| kernel.contested);
        match contested.position(|one| one.name == kernel.name) {
            None => Vec::new(),
            Some(number) if is_quick => vec![Self::PEERS[number % Self::PEERS.len()]],
            Some(_) => Self::PEERS.to_vec(),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Own => "bench-sdk",
            Self::Criterion => "criterion 0.8",
            Self::Divan => "divan 0.1 with a script",
            Self::Tango => "tango-bench 0.9",
        }
    }
}

/// What was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Call {
    Regressed,
    Improved,
    Equivalent,
    Inconclusive,
    /// A peer found nothing; none of them tells "not different" from "not seen".
    Nothing,
}

impl Call {
    /// Whether a difference was called.
    pub(crate) fn is_alarm(self) -> bool {
        matches!(self, Self::Regressed | Self::Improved)
    }
}

/// What is compared, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Setting {
    pub(crate) judge: Judge,
    pub(crate) kernel: String,
    /// By how much more the candidate does, in per cent.
    pub(crate) effect_percent: f64,
    /// The smallest effect that matters, in per cent.
    pub(crate) minimum_percent: f64,
    /// The core on which another process runs half of the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) spinner: Option<usize>,
}

/// A comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Trial {
    #[serde(flatten)]
    pub(crate) setting: Setting,
    /// Number of the start: copies of the executable are made anew for each.
    pub(crate) start: usize,
    /// Whether the second copy was the baseline.
    pub(crate) swapped: bool,
    pub(crate) call: Call,
    /// Differences that were called in other metrics.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) other_alarms: usize,
    /// As the tool says; for peers, from outside.
    pub(crate) seconds: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) found: Option<Found>,
}

/// Comparisons that could not be made; a few of them end no study.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Failed(Vec<Setting>);

impl Failed {
    /// What was found, if anything; the error once too many could not be made.
    pub(super) fn or_found<T>(
        &mut self,
        setting: &Setting,
        outcome: Result<T>,
    ) -> Result<Option<T>> {
        match outcome {
            Ok(found) => Ok(Some(found)),
            Err(failure) if self.0.len() >= FAILURES => Err(failure),
            Err(failure) => {
                eprintln!("{} of {}: {failure}", setting.judge.name(), setting.kernel);
                self.0.push(setting.clone());
                Ok(None)
            }
        }
    }

    /// A sentence to add, where there are any.
    pub(super) fn words(&self) -> String {
        let name = |setting: &Setting| format!("{} of {}", setting.judge.name(), setting.kernel);
        let names: Vec<String> = self.0.iter().map(name).collect();
        if names.is_empty() {
            return String::new();
        }
        format!(" Not counted are comparisons that could not be made: {}.", names.join(", "))
    }
}

/// What the gate says besides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) launches: u32,
    pub(crate) ratio: Option<f64>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) level: Option<f64>,
    /// The effect that the budget was expected to show.
    pub(crate) announced_percent: Option<f64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Trial {
    /// By the gate, with nothing else to be seen on the machine.
    pub(crate) fn is_own(&self) -> bool {
        self.setting.judge == Judge::Own && self.setting.spinner.is_none()
    }

    /// The ratio that is true.
    pub(crate) fn truth(&self) -> f64 {
        1.0 + self.setting.effect_percent / 100.0
    }

    /// Whether a difference was called in the direction that it has.
    pub(crate) fn is_right(&self) -> bool {
        let effect = self.setting.effect_percent;
        match self.call {
            Call::Regressed => effect > 0.0,
            Call::Improved => effect < 0.0,
            _ => false,
        }
    }

    /// Whether the effect is of that size, in either direction.
    pub(crate) fn has_size(&self, percent: f64) -> bool {
        (self.setting.effect_percent.abs() - percent).abs() < 1e-9
    }
}

/// How the launches of a kernel behaved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Behaviour {
    /// Spread between launches, in per cent.
    pub(crate) spread_percent: f64,
    /// Time of a launch of both sides, in seconds, with all that was done between launches.
    pub(crate) launch_s: f64,
}

impl Behaviour {
    /// `None` below two comparisons by the gate on a quiet machine. The spread comes from how far
    /// estimates are from the truth, and from how many launches each was made.
    pub(crate) fn of(kernel: &str, trials: &[Trial]) -> Option<Self> {
        let own = trials.iter().filter(|trial| trial.is_own() && trial.setting.kernel == kernel);
        let (mut away, mut each_s) = (Vec::new(), Vec::new());
        for trial in own {
            let Some(Found { launches, ratio: Some(ratio), .. }) = trial.found else { continue };
            let launches = f64::from(launches.max(1));
            away.push((ratio / trial.truth()).ln() * launches.sqrt());
            each_s.push(trial.seconds / launches);
        }
        let spread_percent = robust_sd(&away)? / MEDIAN_SPREAD * 100.0;
        Some(Self { spread_percent, launch_s: median(&each_s)? })
    }

    pub(crate) fn is_steady(&self) -> bool {
        self.spread_percent <= STEADY_PERCENT && self.launch_s <= STEADY_LAUNCH_S
    }
}

/// The kernels whose launches spread by at most 1 % and take at most 40 ms.
pub(crate) fn steady_kernels(trials: &[Trial]) -> Vec<&'static str> {
    let steady = |name: &&str| Behaviour::of(name, trials).is_some_and(|found| found.is_steady());
    KERNELS.iter().map(|kernel| kernel.name).filter(steady).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A comparison by the gate that took a hundred launches and a second.
    pub(crate) fn trial(kernel: &str, effect_percent: f64, ratio: f64, call: Call) -> Trial {
        Trial {
            setting: Setting {
                judge: Judge::Own,
                kernel: kernel.to_owned(),
                effect_percent,
                minimum_percent: 1.0,
                spinner: None,
            },
            start: 1,
            swapped: false,
            call,
            other_alarms: 0,
            seconds: 1.0,
            found: Some(Found {
                launches: 100,
                ratio: Some(ratio),
                low: Some(ratio - 0.002),
                high: Some(ratio + 0.002),
                level: Some(0.99),
                announced_percent: Some(1.2),
            }),
        }
    }

    #[test]
    fn a_call_is_right_in_the_direction_of_the_effect() {
        let right = |effect, call| trial("hash", effect, 1.0, call).is_right();
        assert!(right(1.0, Call::Regressed) && right(-1.0, Call::Improved));
        assert!(!right(1.0, Call::Improved) && !right(0.0, Call::Regressed));
        assert!(!right(1.0, Call::Inconclusive));
    }

    #[test]
    fn a_few_failures_end_no_study() {
        let setting = trial("hash", 0.0, 1.0, Call::Equivalent).setting;
        let mut failed = Failed::default();
        let fail = |failed: &mut Failed| {
            failed.or_found::<()>(&setting, Err(crate::failure::Failure::new("no")))
        };
        assert!((0..FAILURES).all(|_| fail(&mut failed) == Ok(None)));
        assert!(fail(&mut failed).is_err() && failed.words().contains("bench-sdk of hash"));
        assert_eq!(Failed::default().words(), "");
    }

    #[test]
    fn the_spread_of_launches_follows_from_the_estimates() {
        let ratios = [0.998, 0.999, 1.0, 1.001, 1.002];
        let calm: Vec<Trial> =
            ratios.iter().map(|ratio| trial("hash", 0.0, *ratio, Call::Equivalent)).collect();
        // A deviation of 0.1 % from the middle, a hundred launches: 1.48 % over 1.25.
        let found = Behaviour::of("hash", &calm);
        assert!(
            found.is_some_and(|found| (found.spread_percent - 1.183).abs() < 0.01),
            "{found:?}"
        );
        assert!(steady_kernels(&calm).is_empty() && Behaviour::of("l2", &calm).is_none());
    }
}
