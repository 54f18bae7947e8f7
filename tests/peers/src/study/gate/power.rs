//! Known differences: how many are found.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::aa::{METHOD, contested};
use super::share::Share;
use super::stage::Stage;
use super::trial::{Behaviour, Failed, Judge, Setting, Trial, steady_kernels};
use crate::failure::Result;
use crate::fixture::{KERNELS, Kernel};
use crate::machine::cores;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

/// Its part of the page's time.
const SHARE: f64 = 0.5;
/// Effects, each with the smallest one that matters, and how many are to be found; in per cent.
pub(super) const EFFECTS: [(f64, f64, Option<f64>); 5] = [
    (0.5, 0.25, None),
    (1.0, 0.5, Some(95.0)),
    (2.0, 1.0, Some(99.5)),
    (5.0, 2.5, Some(99.9)),
    (10.0, 1.0, None),
];
/// The effect that peers are to find.
const CONTEST: (f64, f64) = (2.0, 1.0);
/// The effect that is to be found beside a busy process.
const BESIDE: (f64, f64) = (5.0, 2.5);
/// Of what takes long, so many of the ten effects are compared in a round.
const FEW: usize = 3;

/// Comparisons of what differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    pub(crate) trials: Vec<Trial>,
    #[serde(default)]
    failed: Failed,
}

impl Findings for Data {
    const NAME: &'static str = "power";
    const TITLE: &'static str = "Known differences";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let progress = Progress::new(Self::NAME, 0);
        let mut data = conditions.earlier::<Self>()?.unwrap_or_default();
        let starts = data.trials.iter().map(|trial| trial.start).max().unwrap_or(0);
        let mut stage = Stage::build(conditions.ground, conditions.effort.is_quick(), starts)?;
        progress.note("built");
        let (started, time) = (Instant::now(), conditions.effort.time(SHARE));
        for round in 0_usize.. {
            stage.start_anew()?;
            let settings = settings(round, conditions);
            for setting in conditions.chance.shuffled(&settings) {
                if round > 0 && started.elapsed() >= time {
                    break;
                }
                let trial = stage.compare(&setting, &mut conditions.chance);
                data.trials.extend(data.failed.or_found(&setting, trial)?);
                if data.trials.len() % 20 == 0 {
                    conditions.keep(&data)?;
                }
            }
            conditions.keep(&data)?;
            progress.note(&format!("round: {} comparisons", data.trials.len()));
            if started.elapsed() >= time {
                break;
            }
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let steady = steady_kernels(&self.trials);
        let is_steady = |trial: &&Trial| steady.contains(&trial.setting.kernel.as_str());
        let own = || self.trials.iter().filter(|trial| trial.is_own());
        let mut claims = Vec::new();
        for (effect, minimum, target) in EFFECTS {
            let found = right(own().filter(is_steady).filter(|trial| trial.has_size(effect)));
            let what = format!("{effect} % found, of which {minimum} % matter, steady kinds");
            claims.push(match target {
                Some(target) => found.at_least(what, target),
                None => found.told(what),
            });
        }
        let two = |trial: &&Trial| trial.has_size(CONTEST.0) && contested(trial);
        claims.extend([Judge::Own].into_iter().chain(Judge::PEERS).map(|judge| {
            let trials =
                self.trials.iter().filter(two).filter(|trial| {
                    trial.setting.judge == judge && trial.setting.spinner.is_none()
                });
            right(trials).told(format!("2 % found by {}, the kinds of all", judge.name()))
        }));
        let elsewhere = own().filter(|trial| !is_steady(trial)).filter(|trial| is_announced(trial));
        claims.push(
            right(elsewhere)
                .at_least("effects of at least the announced size found, other kinds", 95.0),
        );
        let wrong = |trial: &&Trial| trial.call.is_alarm() && !trial.is_right();
        claims.push(Share::count(own(), wrong).told("verdicts in the wrong direction"));
        let beside = self.trials.iter().filter(|trial| trial.setting.spinner.is_some());
        claims.push(
            right(beside).at_least("5 % found beside a process that uses half of a core", 95.0),
        );
        claims.into_iter().flatten().collect()
    }

    fn text(&self) -> String {
        let mut head = vec!["kind".to_owned(), "spread of launches".to_owned()];
        head.extend(EFFECTS.map(|(effect, ..)| format!("{effect} %")));
        head.extend(["announced size or more".to_owned(), "5 % beside a busy process".to_owned()]);
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let mut table = Table::new(&head);
        for kernel in &KERNELS {
            table.row(self.row(kernel));
        }
        format!(
            "{METHOD}{}\n\nHere the candidate does its work more often, or less, by 0.5 to 10 % of \
             the 1,000 times, which is the true difference; half of it is the smallest effect that \
             matters, and 1 % of 10 %. Found is what was called in the right direction. Kinds of \
             which a comparison takes long (l2, dram and sort) are compared less often. What the budget was expected to show is announced \
             by the gate before it is spent. The table holds what was found, by kind.\n\n{table}",
            self.failed.words(),
        )
    }
}

fn right<'a>(trials: impl Iterator<Item = &'a Trial>) -> Share {
    Share::count(trials, |trial| trial.is_right())
}

/// Whether the effect is one that was announced to be seen.
fn is_announced(trial: &Trial) -> bool {
    let announced = trial.found.and_then(|found| found.announced_percent);
    announced.is_some_and(|announced| trial.setting.effect_percent.abs() >= announced)
}

/// What is compared in that round.
fn settings(round: usize, conditions: &mut Conditions<'_>) -> Vec<Setting> {
    let setting = |judge, kernel: &Kernel, (effect_percent, minimum_percent), spinner| Setting {
        judge,
        kernel: kernel.name.to_owned(),
        effect_percent,
        minimum_percent,
        spinner,
    };
    let signed: Vec<(f64, f64)> =
        EFFECTS.iter().flat_map(|(effect, m, _)| [(*effect, *m), (-effect, *m)]).collect();
    let (mut all, is_quick) = (Vec::new(), conditions.effort.is_quick());
    for (number, kernel) in KERNELS.iter().enumerate() {
        let mut effects = if is_quick {
            // Each kind once, and each effect.
            signed.iter().copied().skip(number).step_by(KERNELS.len()).collect()
        } else {
            conditions.chance.shuffled(&signed)
        };
        effects.truncate(if kernel.weight < FEW { FEW } else { signed.len() });
        all.extend(effects.into_iter().map(|effect| setting(Judge::Own, kernel, effect, None)));
        let mut either = |(effect, minimum): (f64, f64)| {
            let sign = if conditions.chance.below(2) == 0 { 1.0 } else { -1.0 };
            (sign * effect, minimum)
        };
        all.push(setting(Judge::Own, kernel, either(BESIDE), Some(round % cores())));
        let peers = Judge::peers_of(kernel, is_quick);
        all.extend(peers.into_iter().map(|judge| setting(judge, kernel, either(CONTEST), None)));
    }
    all
}

impl Data {
    fn row(&self, kernel: &Kernel) -> Vec<String> {
        let all = || self.trials.iter().filter(|trial| trial.setting.kernel == kernel.name);
        let own = || all().filter(|trial| trial.is_own());
        let spread = Behaviour::of(kernel.name, &self.trials);
        let spread = spread.map(|found| format!("{} %", figure(found.spread_percent)));
        let mut row = vec![kernel.name.to_owned(), spread.unwrap_or_else(|| "-".to_owned())];
        row.extend(
            EFFECTS.map(|(effect, ..)| right(own().filter(|trial| trial.has_size(effect))).words()),
        );
        row.push(right(own().filter(|trial| is_announced(trial))).words());
        row.push(right(all().filter(|trial| trial.setting.spinner.is_some())).words());
        row
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::tests::trial;
    use super::super::trial::{Call, Trial};
    use super::*;

    #[test]
    fn only_the_right_direction_is_found() {
        let steady = |ratio, call| Trial { seconds: 0.1, ..trial("hash", 2.0, ratio, call) };
        let data = Data {
            failed: Failed::default(),
            trials: vec![
                steady(1.0201, Call::Regressed),
                steady(1.0199, Call::Regressed),
                steady(1.02, Call::Improved),
            ],
        };
        let claims = data.claims();
        assert!(claims[0].cells()[0].starts_with("2 % found"), "{claims:?}");
        assert_eq!(claims[0].cells()[2], "66.7 % (2 of 3)");
        assert!(claims.iter().any(|c| c.cells()[2] == "33.3 % (1 of 3)"), "{claims:?}");
        assert!(data.text().contains("66.7 % (2 of 3)"));
    }
}
