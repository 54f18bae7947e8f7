//! One workload with probes and without.

use serde::{Deserialize, Serialize};

use crate::figures::{Middle, median, ratio, rounded};
use crate::fixture::{PROBED, Regions};
use crate::parse::OwnCase;
use crate::report::figure;

/// How far the median of a case may move, and what watching may cost, in per cent.
pub(super) const TARGET_PERCENT: f64 = 1.0;
/// Regions that take this long, with inputs and drops, are watched each: `docs/methodology.md`.
pub(super) const WATCHED_NS: f64 = 100e3;
/// The length of a region with inputs or kept outputs, in readings of the clock: ditto.
const CLOCKS_PER_REGION: f64 = 200.0;

/// What watching takes on this machine, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the unit belongs to the name")]
pub(super) struct Costs {
    /// Two readings of the counter of involuntary switches.
    pub(super) guard_ns: f64,
    /// Two readings of all probes.
    pub(super) probes_ns: f64,
    /// Cost or step of the clock.
    pub(super) clock_ns: f64,
}

impl Costs {
    /// How long a region with inputs or kept outputs is.
    pub(super) fn region_ns(&self) -> f64 {
        CLOCKS_PER_REGION * self.clock_ns
    }
}

/// A workload with probes and without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Compared {
    pub(super) workload: String,
    pub(super) on: Runs,
    pub(super) off: Runs,
}

/// One value for each run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Runs {
    /// Wall time of the process that measures this workload only.
    pub(super) seconds: Vec<f64>,
    pub(super) ns: Vec<f64>,
    /// Timed regions of one sample.
    pub(super) sample_ns: Vec<f64>,
    /// Timed regions as a ratio of the time for sampling.
    pub(super) timed_share: Vec<f64>,
    /// Voided samples as a ratio of all.
    pub(super) voided: Vec<f64>,
}

impl Runs {
    pub(super) fn add(&mut self, seconds: f64, case: &OwnCase) {
        let samples = case.samples.max(1) as f64;
        self.seconds.push(rounded(seconds));
        self.ns.push(rounded(case.time.ns));
        self.sample_ns.push(rounded(case.timed_ns / samples));
        self.timed_share.push(rounded(case.timed_share.unwrap_or(0.0)));
        self.voided.push(rounded(case.voided as f64 / samples));
    }
}

impl Compared {
    pub(super) fn new(workload: &str) -> Self {
        Self { workload: workload.to_owned(), on: Runs::default(), off: Runs::default() }
    }

    /// How much higher the median is with probes, in per cent.
    pub(super) fn change(&self) -> Option<Middle> {
        Middle::of_pairs(&self.on.ns, &self.off.ns, |on, off| Some(100.0 * (ratio(on, off)? - 1.0)))
    }

    /// What watching must cost, in per cent of timed regions and of the time for sampling.
    pub(super) fn cost(&self, costs: &Costs) -> Option<(f64, f64)> {
        let share = median(&self.off.timed_share).filter(|share| *share > 0.0)?;
        let sample_ns = median(&self.on.sample_ns)?;
        let region_ns = costs.region_ns();
        let (cost_ns, watched_ns) = match self.regions() {
            Regions::Short if region_ns / share >= WATCHED_NS => (costs.guard_ns, region_ns),
            Regions::One | Regions::Short => (costs.guard_ns, sample_ns),
            Regions::Metered => (costs.guard_ns + costs.probes_ns, sample_ns),
        };
        let of_timed = 100.0 * ratio(cost_ns, watched_ns)?;
        Some((of_timed, of_timed * share.min(1.0)))
    }

    /// Time for sampling that is not spent in timed regions because of watching, in per cent.
    pub(super) fn lost(&self) -> Option<Middle> {
        // One region may outlast the time for sampling there.
        if self.regions() == Regions::Metered {
            return None;
        }
        let lost = |on, off| Some(100.0 * (1.0 - ratio(on, off)?));
        Middle::of_pairs(&self.on.timed_share, &self.off.timed_share, lost)
    }

    /// How many times as long a run takes with probes.
    pub(super) fn wall_ratio(&self) -> Option<Middle> {
        Middle::of_pairs(&self.on.seconds, &self.off.seconds, ratio)
    }

    fn regions(&self) -> Regions {
        let known = PROBED.iter().find(|workload| workload.name == self.workload);
        known.map_or(Regions::One, |workload| workload.regions)
    }

    pub(super) fn cells(&self, costs: &Costs) -> Vec<String> {
        let known = PROBED.iter().find(|workload| workload.name == self.workload);
        let share = |values: &[f64]| {
            median(values).map_or_else(String::new, |share| format!("{:.1} %", 100.0 * share))
        };
        let cell = |middle: Option<Middle>| middle.map_or_else(|| "-".to_owned(), |m| signed(&m));
        let percent = |value: Option<f64>| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{} %", figure(value)))
        };
        let cost = self.cost(costs);
        let wall = self.wall_ratio().map_or_else(String::new, |wall| {
            let seconds = median(&self.off.seconds).unwrap_or_default();
            format!("{seconds:.2} s x {:.3}", wall.at)
        });
        vec![
            self.workload.clone(),
            known.map_or("", |workload| workload.words).to_owned(),
            format!("{} ns", figure(median(&self.off.ns).unwrap_or_default())),
            cell(self.change()),
            share(&self.off.timed_share),
            percent(cost.map(|(of_timed, _)| of_timed)),
            percent(cost.map(|(_, of_sampling)| of_sampling)),
            cell(self.lost()),
            share(&self.on.voided),
            wall,
        ]
    }
}

/// A figure in per cent, with its interval.
pub(super) fn signed(percent: &Middle) -> String {
    format!("{:+.2} % ({:+.2} to {:+.2})", percent.at, percent.low, percent.high)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const COSTS: Costs = Costs { guard_ns: 500.0, probes_ns: 9500.0, clock_ns: 20.0 };

    fn runs(ns: f64, share: f64, seconds: f64) -> Runs {
        Runs {
            seconds: vec![seconds; 3],
            ns: vec![ns; 3],
            sample_ns: vec![250e3; 3],
            timed_share: vec![share; 3],
            voided: vec![0.0; 3],
        }
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn pairs_tell_the_change_and_what_is_lost() {
        let workload = "inputs".to_owned();
        let compared = Compared { workload, on: runs(101.5, 0.4, 1.1), off: runs(100.0, 0.5, 1.0) };
        assert!(near(compared.change().unwrap().at, 1.5));
        assert!(near(compared.lost().unwrap().at, 20.0));
        assert!(near(compared.wall_ratio().unwrap().at, 1.1));
    }

    #[test]
    fn short_regions_are_watched_together_unless_their_surroundings_are_long() {
        let cost = |workload: &str, share| {
            let runs = runs(100.0, share, 1.0);
            let compared = Compared { workload: workload.to_owned(), on: runs.clone(), off: runs };
            compared.cost(&COSTS).unwrap()
        };
        let both = |(timed, sampling): (f64, f64), of_timed, of_sampling| {
            near(timed, of_timed) && near(sampling, of_sampling)
        };
        assert!(both(cost("alu", 0.8), 0.2, 0.16));
        assert!(both(cost("inputs", 0.5), 0.2, 0.1));
        // 4 us in 200 us.
        assert!(both(cost("inputs", 0.02), 12.5, 0.25));
        assert!(both(cost("slow", 1.5), 4.0, 4.0));
    }
}
