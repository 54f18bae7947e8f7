//! The search for the highest rate that a target bears.

use crate::record::load::{Capacity, Probed};
use crate::record::units;
use crate::record::{Coefficient, ScalabilityLaw};
use crate::stats::{Bounded, Point, fit_scalability};

/// The bracket is narrow enough at this ratio of its ends.
const NARROW: f64 = 1.05;
/// Rates below this are not searched.
const LOWEST: f64 = 1.0;
/// Times that a lower rate is confirmed after one was not.
const CONFIRMATIONS: u32 = 3;
/// The confirming window is this many times as long.
const CONFIRMING: f64 = 2.0;
/// Assumed relative error of a probe's time, for the fit.
const RELATIVE_ERROR: f64 = 0.05;

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SearchStep {
    /// Run at that rate, in iterations a second, for so long.
    Try {
        /// Iterations a second.
        rate: f64,
        /// Length of the window.
        seconds: f64,
    },
    /// Run again at a rate that held, for longer.
    Confirm {
        /// Iterations a second.
        rate: f64,
        /// Length of the window.
        seconds: f64,
    },
    /// The search is over.
    Done(Box<Capacity>),
}

/// A search: doubling until a rate does not hold, then halving the bracket to 5 %, then a second,
/// longer window at the rate that held. Load is open, so that a slow target cannot lower it. The
/// search ends where the generator is the limit, and then claims no capacity.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    first: f64,
    seconds: f64,
    longest_seconds: f64,
    seed: u64,
    probes: Vec<Probed>,
    /// The highest rate that held, below the lowest that did not.
    good: Option<f64>,
    bad: Option<f64>,
    limited: bool,
    confirmed: bool,
    refuted: u32,
    spent_seconds: f64,
}

impl Search {
    /// A search that begins at `first` iterations a second, with windows of so many seconds, and
    /// gives up where the next window would end after `longest_seconds`.
    pub(crate) fn new(first: f64, seconds: f64, longest_seconds: f64, seed: u64) -> Self {
        Self {
            first: first.max(LOWEST),
            seconds,
            longest_seconds,
            seed,
            probes: Vec::new(),
            good: None,
            bad: None,
            limited: false,
            confirmed: false,
            refuted: 0,
            spent_seconds: 0.0,
        }
    }

    /// What to do next.
    pub(crate) fn next(&self) -> SearchStep {
        let Some(step) = self.wanted() else { return self.done(false) };
        let (SearchStep::Try { seconds, .. } | SearchStep::Confirm { seconds, .. }) = &step else {
            return step;
        };
        if self.spent_seconds + seconds > self.longest_seconds { self.done(true) } else { step }
    }

    fn wanted(&self) -> Option<SearchStep> {
        if self.limited || self.confirmed {
            return None;
        }
        let seconds = self.seconds;
        let rate = match (self.good, self.bad) {
            (None, None) => self.first,
            (Some(good), None) => good * 2.0,
            (None, Some(bad)) if bad / 2.0 < LOWEST => return None,
            (None, Some(bad)) => (bad / 2.0).floor(),
            (Some(good), Some(bad)) => {
                // Rates are whole numbers.
                let between = good.midpoint(bad).round();
                if bad / good <= NARROW || between <= good || between >= bad {
                    if self.refuted >= CONFIRMATIONS {
                        return None;
                    }
                    let seconds = seconds * CONFIRMING;
                    return Some(SearchStep::Confirm { rate: good, seconds });
                }
                between
            }
        };
        Some(SearchStep::Try { rate, seconds })
    }

    /// Takes what came of the step that [`Search::next`] gave.
    pub(crate) fn tell(&mut self, probed: Probed) {
        let step = self.next();
        let (rate, seconds, confirms) = match step {
            SearchStep::Try { rate, seconds } => (rate, seconds, false),
            SearchStep::Confirm { rate, seconds } => (rate, seconds, true),
            SearchStep::Done(_) => return,
        };
        self.spent_seconds += seconds;
        let (passed, limited) = (probed.passed, probed.limited);
        self.probes.push(probed);
        match (limited, passed, confirms) {
            (true, ..) => self.limited = true,
            (false, true, true) => self.confirmed = true,
            (false, true, false) => self.good = Some(rate),
            (false, false, false) => self.bad = Some(rate),
            (false, false, true) => self.refute(rate),
        }
    }

    /// A rate that held once did not hold again: the next lower one that did is the best known.
    fn refute(&mut self, rate: f64) {
        self.refuted += 1;
        self.bad = Some(rate);
        let held = self.probes.iter().filter(|probe| probe.passed);
        let lower = held.map(|probe| probe.planned_per_second).filter(|held| *held < rate);
        self.good =
            lower.fold(None, |best: Option<f64>, held| Some(best.map_or(held, |b| b.max(held))));
    }

    fn done(&self, out_of_time: bool) -> SearchStep {
        let knee = if self.limited { None } else { self.good };
        SearchStep::Done(Box::new(Capacity {
            knee_per_second: knee,
            confirmed: self.confirmed,
            failed_at_per_second: if self.limited { None } else { self.bad },
            probes: self.probes.clone(),
            law: fit_law(&self.probes, self.seed),
            words: self.words(out_of_time),
        }))
    }

    fn words(&self, out_of_time: bool) -> String {
        let shown = |rate: f64| format!("{}/s", units::count(rate));
        if self.limited {
            let held = self.good.map_or_else(
                || "no rate was shown to hold".to_owned(),
                |good| format!("{} held", shown(good)),
            );
            return format!(
                "{held}; beyond that the generator was the limit, so nothing is said of the \
                 target's capacity"
            );
        }
        match (self.good, self.bad) {
            (Some(good), Some(bad)) if self.confirmed => format!(
                "the target bears {}, confirmed in a second window; at {} the thresholds no \
                 longer hold",
                shown(good),
                shown(bad)
            ),
            (Some(good), bad) => {
                let why = match (out_of_time, bad) {
                    (true, _) => "the time for the search was over",
                    (false, Some(_)) => "a second window did not confirm the rates that held once",
                    (false, None) => "nothing higher was tried",
                };
                format!("{} held in one window, unconfirmed: {why}", shown(good))
            }
            (None, Some(_)) if self.probes.iter().all(|probe| probe.failed >= 1.0) => {
                "no rate held: every iteration failed or was dropped at every rate tried".to_owned()
            }
            (None, Some(bad)) => {
                format!("no rate held: the thresholds do not hold at {} either", shown(bad))
            }
            (None, None) => "no rate was tried: there was no time for a single window".to_owned(),
        }
    }
}

/// The scalability law over how many iterations were under way at a time: by Little's law each of
/// them took `in flight / rate`.
fn fit_law(probes: &[Probed], seed: u64) -> Option<ScalabilityLaw> {
    let usable = |probe: &&Probed| {
        !probe.limited && probe.in_flight >= 1.0 && probe.reached_per_second > 0.0
    };
    let point = |probe: &Probed| {
        let value = probe.in_flight / probe.reached_per_second * 1e9;
        Point { n: probe.in_flight, value, error: value * RELATIVE_ERROR }
    };
    let mut points: Vec<Point> = probes.iter().filter(usable).map(point).collect();
    points.sort_by(|a, b| a.n.total_cmp(&b.n));
    let law = fit_scalability(&points, seed)?;
    let coefficient = |bounded: Bounded, factor: f64| Coefficient {
        estimate: bounded.estimate * factor,
        low: bounded.low.map(|low| low * factor),
        high: bounded.high.map(|high| high * factor),
    };
    Some(ScalabilityLaw {
        lambda: coefficient(law.lambda, 1e9),
        sigma: coefficient(law.sigma, 1.0),
        kappa: coefficient(law.kappa, 1.0),
        peak: law.peak.map(|peak| coefficient(peak, 1.0)),
        level: law.level,
        misfit: law.misfit,
    })
}
