//! Two copies of one executable: whatever is called is false.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::share::Share;
use super::stage::{Stage, SuiteTrial};
use super::trial::{Behaviour, Call, Failed, Judge, Setting, Trial, steady_kernels};
use crate::failure::Result;
use crate::figures::median;
use crate::fixture::{KERNELS, Kernel};
use crate::machine::cores;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

/// Its part of the page's time, and how much of that goes into suites.
const SHARE: f64 = 0.5;
const SUITES: f64 = 0.25;
/// What is equivalent should be found so within this many seconds.
const SOON_S: f64 = 3.0;
/// So many comparisons, over so many starts, are asked for.
const ENOUGH: usize = 4000;
const STARTS: usize = 3;
/// For so many comparisons of a kind there is one beside a busy process.
const BESIDE: usize = 4;
/// Cases of the larger suite.
const HUNDRED: usize = 100;

/// Comparisons of what is the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    pub(crate) trials: Vec<Trial>,
    #[serde(default)]
    failed: Failed,
    pub(crate) suites: Vec<SuiteTrial>,
}

impl Findings for Data {
    const NAME: &'static str = "aa";
    const TITLE: &'static str = "Copies of one executable";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let progress = Progress::new(Self::NAME, 0);
        let mut data = conditions.earlier::<Self>()?.unwrap_or_default();
        let mut stage =
            Stage::build(conditions.ground, conditions.effort.is_quick(), data.starts())?;
        progress.note("built");
        let (started, time) = (Instant::now(), conditions.effort.time(SHARE));
        let mut in_suites = Duration::ZERO;
        for round in 0_usize.. {
            stage.start_anew()?;
            for setting in conditions.chance.shuffled(&settings(round, conditions)) {
                // The first round is always a whole one: no kind is ever left out.
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
            let before_suites = Instant::now();
            if round == 0 || in_suites < started.elapsed().mul_f64(SUITES) {
                for target in conditions.chance.shuffled(&["kinds", "suite"]) {
                    data.suites.push(stage.suite(target, &mut conditions.chance)?);
                }
                conditions.keep(&data)?;
            }
            in_suites += before_suites.elapsed();
            let (trials, suites) = (data.trials.len(), data.suites.len());
            progress.note(&format!("round: {trials} comparisons, {suites} suites"));
            if started.elapsed() >= time {
                break;
            }
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let steady = steady_kernels(&self.trials);
        let is_steady = |trial: &&Trial| steady.contains(&trial.setting.kernel.as_str());
        let soon = |trial: &&Trial| trial.call == Call::Equivalent && trial.seconds <= SOON_S;
        let own = || self.trials.iter().filter(|trial| trial.is_own());
        let (all, starts) = (own().count(), self.starts());
        let few = (all < ENOUGH || starts < STARTS).then(|| "too few".to_owned());
        let mut claims = vec![
            Some(Claim::holds(
                "comparisons of copies of one executable",
                format!(">= {ENOUGH} in {STARTS} starts"),
                format!("{all} in {starts} starts"),
                few,
            )),
            alarms(own()).at_most("false verdicts, two copies of one executable", 0.5, Some(1.0)),
            Share::count(own(), |trial| trial.other_alarms > 0).told("the same, in other metrics"),
        ];
        claims.extend(Judge::PEERS.map(|judge| {
            let trials = self.trials.iter().filter(|trial| trial.setting.judge == judge);
            alarms(trials).told(format!("the same by {}", judge.name()))
        }));
        claims.push(
            alarms(own().filter(|trial| contested(trial)))
                .told("the same by bench-sdk, only the kinds that those measure"),
        );
        claims.push(
            Share::count(own().filter(is_steady), soon)
                .at_least("equivalent within 3 s, steady kinds", 95.0),
        );
        let beside = self.trials.iter().filter(|trial| trial.setting.spinner.is_some());
        claims.push(alarms(beside).at_most(
            "false verdicts beside a process that uses half of a core",
            0.5,
            Some(1.0),
        ));
        for (what, is_large) in [("8 kinds", false), ("100 cases", true)] {
            let suites = self.suites.iter().filter(|suite| (suite.cases >= HUNDRED) == is_large);
            let alarming = Share::count(suites, |suite| suite.alarms > 0);
            claims.push(alarming.at_most(
                format!("suites of {what} with any alarm"),
                5.0,
                Some(10.0),
            ));
        }
        claims.into_iter().flatten().collect()
    }

    fn text(&self) -> String {
        let mut table = Table::new(&[
            "kind",
            "",
            "false calls",
            "bounds",
            "equivalent within 3 s",
            "median time to a verdict",
            "launches",
            "spread of launches",
            "announced",
            "false calls beside a busy process",
        ]);
        for kernel in &KERNELS {
            table.row(self.row(kernel));
        }
        let starts = self.starts();
        let suites: Vec<f64> = self
            .suites
            .iter()
            .filter(|suite| suite.cases >= HUNDRED)
            .map(|suite| suite.seconds)
            .collect();
        format!(
            "{METHOD}{}\n\nHere both copies do the same; {starts} starts, for each of which the \
             copies were made anew. Which copy is the baseline is drawn, and so is the order of \
             all comparisons, those by peers and those beside a busy process among them. That \
             process works for 5 ms and sleeps for 5 ms, on one core in one round and on the \
             other in the next; \
             the gate may or may not measure on that core. Suites are compared as a whole; one of \
             100 cases takes {} s. Bounds are those of Clopper and Pearson at 95 %. The spread of \
             launches is computed from how far the estimates are from the truth, times the root of \
             the launches over 1.25; a kind is steady where it is at most 1 % and a launch of both \
             sides takes at most 40 ms, of which starting them is the smaller half.\n\n{PEERS}\n\n{table}",
            self.failed.words(),
            median(&suites).map_or_else(|| "-".to_owned(), figure),
        )
    }
}

/// How everything on the page was compared.
pub(super) const METHOD: &str = "One executable is built, and copied; a number in \
    the copies says how often each kind does its work, 1,000 times as built. The copies are compared by \
    `cargo hub-bench gate --executables`, one kind at a time, with at most 10 s for each (2 s in a suite; 0.5 s and 0.1 s in a smoke run).";

/// How the peers compare.
const PEERS: &str = "Each peer compares copies of a bench target of its own, with the same kernels \
    and the same number, in about a second: criterion saves a baseline and is run against it, 0.1 s \
    of warm-up and 0.3 s of measurement each, and its own words count; divan compares nothing, so \
    that a script runs each side twice, 0.25 s long, and calls a change where the mean of two medians \
    differs by more than the smallest effect; `tango compare` runs for 1 s, and its star counts. All \
    have the same threshold for noise, the smallest effect that matters.";

/// Whether the peers measure that kind too.
pub(super) fn contested(trial: &Trial) -> bool {
    let is_it = |kernel: &&Kernel| kernel.name == trial.setting.kernel;
    KERNELS.iter().find(is_it).is_some_and(|kernel| kernel.contested)
}

/// How many of those called a difference.
fn alarms<'a>(trials: impl Iterator<Item = &'a Trial>) -> Share {
    Share::count(trials, |trial| trial.call.is_alarm())
}

/// What is compared in that round.
fn settings(round: usize, conditions: &Conditions<'_>) -> Vec<Setting> {
    let setting = |judge, kernel: &Kernel, spinner| Setting {
        judge,
        kernel: kernel.name.to_owned(),
        effect_percent: 0.0,
        minimum_percent: 1.0,
        spinner,
    };
    let mut all = Vec::new();
    for kernel in &KERNELS {
        let times = if conditions.effort.is_quick() { 1 } else { kernel.weight };
        all.extend((0..times).map(|_| setting(Judge::Own, kernel, None)));
        let beside = times.div_ceil(BESIDE);
        all.extend((0..beside).map(|_| setting(Judge::Own, kernel, Some(round % cores()))));
        let peers = Judge::peers_of(kernel, conditions.effort.is_quick());
        all.extend(peers.into_iter().map(|judge| setting(judge, kernel, None)));
    }
    all
}

impl Data {
    fn starts(&self) -> usize {
        self.trials.iter().map(|trial| trial.start).max().unwrap_or(0)
    }

    fn row(&self, kernel: &Kernel) -> Vec<String> {
        let all = || self.trials.iter().filter(|trial| trial.setting.kernel == kernel.name);
        let own: Vec<&Trial> = all().filter(|trial| trial.is_own()).collect();
        let beside = all().filter(|trial| trial.setting.spinner.is_some());
        let of = |value: fn(&Trial) -> Option<f64>, unit: &str| {
            let values: Vec<f64> = own.iter().filter_map(|trial| value(trial)).collect();
            median(&values).map_or_else(|| "-".to_owned(), |m| format!("{}{unit}", figure(m)))
        };
        let called = alarms(own.iter().copied());
        let soon =
            Share::count(&own, |trial| trial.call == Call::Equivalent && trial.seconds <= SOON_S);
        let spread = Behaviour::of(kernel.name, &self.trials);
        vec![
            kernel.name.to_owned(),
            kernel.words.to_owned(),
            called.words(),
            called.bounds_words(),
            soon.words(),
            of(|trial| Some(trial.seconds), " s"),
            of(|trial| trial.found.map(|found| f64::from(found.launches)), ""),
            spread.map_or_else(|| "-".to_owned(), |s| format!("{} %", figure(s.spread_percent))),
            of(|trial| trial.found.and_then(|found| found.announced_percent), " %"),
            alarms(beside).words(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::tests::trial;
    use super::*;

    #[test]
    fn every_call_is_false() {
        let call = |call| trial("hash", 0.0, 1.0, call);
        let data = Data {
            trials: vec![call(Call::Equivalent), call(Call::Improved), call(Call::Regressed)],
            failed: Failed::default(),
            suites: vec![SuiteTrial {
                cases: 100,
                start: 1,
                seconds: 60.0,
                alarms: 1,
                equivalent: 99,
            }],
        };
        let claims = data.claims();
        assert!(claims[1].cells()[2].contains("(2 of 3)"), "{claims:?}");
        assert!(claims.iter().any(|claim| claim.cells()[2] == "100 % (1 of 1)"));
        // Nothing was said by peers.
        assert!(!claims.iter().any(|claim| claim.cells()[0].contains("tango")));
        assert!(data.text().contains("| hash |"));
    }
}
