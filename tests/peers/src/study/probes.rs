//! What the guard around timed regions and the probes change and cost.

use serde::{Deserialize, Serialize};

use super::tools::run_own;
use super::{Conditions, Findings};
use crate::failure::{Context, Result};
use crate::figures::{Middle, median, ratio};
use crate::fixture::{GUARD, PROBED, probed};
use crate::ground::{Ground, Package, empty_folder};
use crate::parse::{OwnCase, listed_ids};
use crate::process::run;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};

/// How far the median of a case may move, and what watching may cost, in per cent.
const TARGET_PERCENT: f64 = 1.0;

/// Workloads measured with probes and without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    /// Two readings of the counter of preemptions.
    guard_ns: f64,
    workloads: Vec<Compared>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Compared {
    workload: String,
    on: Runs,
    off: Runs,
}

/// One value for each run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Runs {
    /// Wall time of the process that measures this workload only.
    seconds: Vec<f64>,
    ns: Vec<f64>,
    /// Timed regions as a ratio of the time for sampling.
    timed_share: Vec<f64>,
    /// Voided samples as a ratio of all.
    voided: Vec<f64>,
}

impl Findings for Data {
    const NAME: &'static str = "probes";
    const TITLE: &'static str = "Guard and probes";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let repetitions = conditions.effort.repetitions(20, 2);
        let mut progress = Progress::new(Self::NAME, repetitions + 1);
        let stage = Stage::build(conditions.ground)?;
        let (_, guard) = stage.run(GUARD, false)?;
        progress.step("built");
        let compared = |(workload, _): (&str, _)| Compared {
            workload: workload.to_owned(),
            on: Runs::default(),
            off: Runs::default(),
        };
        let mut data = Self {
            guard_ns: rounded(guard.time.ns),
            workloads: PROBED.into_iter().map(compared).collect(),
        };
        let numbers: Vec<usize> = (0..PROBED.len()).collect();
        for _ in 0..repetitions {
            for number in conditions.chance.shuffled(&numbers) {
                let compared = &mut data.workloads[number];
                // The two runs of a pair follow each other: they meet the same machine.
                for is_on in conditions.chance.shuffled(&[true, false]) {
                    let (seconds, case) = stage.run(&compared.workload, is_on)?;
                    let runs = if is_on { &mut compared.on } else { &mut compared.off };
                    runs.add(seconds, &case);
                }
            }
            progress.step("every workload");
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let all = self.workloads.len();
        let target = format!("{all} of {all} workloads");
        let mut claims = vec![
            self.within("median of a case changes by less than 1 % with probes", Compared::change),
            self.within(
                "guard and probes while sampling, below 1 % of timed regions",
                Compared::cost_of_timed,
            ),
            self.within(
                "the same, below 1 % of all the time for sampling",
                Compared::cost_of_sampling,
            ),
        ];
        let inside = |compared: &&Compared| compared.change().is_some_and(|c| is_inside(&c));
        let settled = self.workloads.iter().filter(inside).count();
        claims.push(Claim::told(
            format!("whole interval of that change within 1 %, of {target}"),
            format!("{settled} of {all}"),
            "",
        ));
        claims.push(Claim::told(
            "two readings of the guard",
            format!("{} ns", figure(self.guard_ns)),
            " ns",
        ));
        let ratios: Vec<f64> =
            self.workloads.iter().filter_map(Compared::wall_ratio).map(|wall| wall.at).collect();
        let middle = median(&ratios).map_or_else(|| "-".to_owned(), |r| format!("{} x", figure(r)));
        claims.push(
            Claim::told("wall time of a run, with probes / without", middle, " x").spread(ratios),
        );
        claims
    }

    fn text(&self) -> String {
        let mut table = Table::new(&[
            "workload",
            "",
            "median without",
            "change with probes",
            "cost of timed regions",
            "of sampling",
            "timed share",
            "voided",
            "wall time of a run",
        ]);
        for compared in &self.workloads {
            table.row(compared.cells());
        }
        format!(
            "One executable with `BenchAlloc` as its allocator, run for one workload at a time, \
             with probes and with `--no-probes`, the two of a pair in random order right after \
             each other; {} pairs for each workload, the workloads in random order. `--no-probes` \
             switches off the guard (the counter of involuntary switches, read before and after \
             timed regions, off the clock), metering and counting. The change is the median of \
             the pairs' ratios; intervals are those of the sign test, at least 95 %.\n\n\
             The cost of watching is seen from outside: time for sampling is limited, so what the \
             guard takes is missing in timed regions. With s the share of timed regions in the \
             time for sampling, it is 1/s with probes less 1/s without, for each second of timed \
             regions, and one less the ratio of both, for each second of sampling. `slow` is \
             metered while it is sampled, in so few regions that shares mean little: see its wall \
             time. The other workloads are metered and counted after sampling, in batches of \
             their own; that is the difference in wall time. Two readings of the guard take \
             {} ns; a region with inputs or kept outputs is some 4 us long.\n\n{table}",
            self.workloads.first().map_or(0, |compared| compared.on.ns.len()),
            figure(self.guard_ns),
        )
    }
}

impl Data {
    /// The claim that something in per cent stays within the target for every workload.
    fn within(&self, what: &str, of: impl Fn(&Compared) -> Option<Middle>) -> Claim {
        let found: Vec<(&str, Middle)> = self
            .workloads
            .iter()
            .filter_map(|compared| Some((compared.workload.as_str(), of(compared)?)))
            .collect();
        let missed: Vec<String> = found
            .iter()
            .filter(|(_, middle)| middle.at.abs() >= TARGET_PERCENT)
            .map(|(workload, middle)| format!("{workload} {}", signed(middle)))
            .collect();
        let all = found.len();
        Claim::holds(
            what,
            format!("{all} of {all} workloads"),
            format!("{} of {all}", all - missed.len()),
            (!missed.is_empty()).then(|| missed.join(", ")),
        )
    }
}

impl Runs {
    fn add(&mut self, seconds: f64, case: &OwnCase) {
        self.seconds.push(rounded(seconds));
        self.ns.push(rounded(case.time.ns));
        self.timed_share.push(rounded(case.timed_share.unwrap_or(0.0)));
        self.voided.push(rounded(case.voided as f64 / case.samples.max(1) as f64));
    }
}

impl Compared {
    /// How much higher the median is with probes, in per cent.
    fn change(&self) -> Option<Middle> {
        Middle::of_pairs(&self.on.ns, &self.off.ns, |on, off| Some(100.0 * (ratio(on, off)? - 1.0)))
    }

    /// Time that watching takes, in per cent of timed regions.
    fn cost_of_timed(&self) -> Option<Middle> {
        self.cost(|on, off| Some(100.0 * (ratio(1.0, on)? - ratio(1.0, off)?)))
    }

    /// Time that watching takes, in per cent of all the time for sampling.
    fn cost_of_sampling(&self) -> Option<Middle> {
        self.cost(|on, off| Some(100.0 * (1.0 - ratio(on, off)?)))
    }

    fn cost(&self, of_shares: impl Fn(f64, f64) -> Option<f64>) -> Option<Middle> {
        // One region may take a quarter of the time for sampling there.
        if self.workload == SLOW {
            return None;
        }
        Middle::of_pairs(&self.on.timed_share, &self.off.timed_share, of_shares)
    }

    fn wall_ratio(&self) -> Option<Middle> {
        Middle::of_pairs(&self.on.seconds, &self.off.seconds, ratio)
    }

    fn cells(&self) -> Vec<String> {
        let words = PROBED.into_iter().find(|(name, _)| *name == self.workload);
        let share = |values: &[f64]| {
            median(values).map_or_else(String::new, |share| format!("{:.1} %", 100.0 * share))
        };
        let cell = |middle: Option<Middle>| middle.map_or_else(|| "-".to_owned(), |m| signed(&m));
        let wall = self.wall_ratio().map_or_else(String::new, |wall| {
            let seconds = median(&self.off.seconds).unwrap_or_default();
            format!("{seconds:.2} s x {:.3}", wall.at)
        });
        vec![
            self.workload.clone(),
            words.map_or("", |(_, words)| words).to_owned(),
            format!("{} ns", figure(median(&self.off.ns).unwrap_or_default())),
            cell(self.change()),
            cell(self.cost_of_timed()),
            cell(self.cost_of_sampling()),
            share(&self.off.timed_share),
            share(&self.on.voided),
            wall,
        ]
    }
}

fn is_inside(percent: &Middle) -> bool {
    -TARGET_PERCENT < percent.low && percent.high < TARGET_PERCENT
}

/// A figure in per cent, with its interval.
fn signed(percent: &Middle) -> String {
    format!("{:+.2} % ({:+.2} to {:+.2})", percent.at, percent.low, percent.high)
}

/// Six digits: more would only make the files longer.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let scale = 10_f64.powi(5 - value.abs().log10().floor() as i32);
    (value * scale).round() / scale
}

/// The workload whose single iteration outlasts many batches of the others.
const SLOW: &str = "slow";

/// The executable, and the identifiers of its cases.
struct Stage {
    package: Package,
    executable: std::path::PathBuf,
    ids: Vec<String>,
    results: std::path::PathBuf,
}

impl Stage {
    fn build(ground: &Ground) -> Result<Self> {
        let package = probed(ground)?;
        let executable = package.bench_executable("workloads", &[])?;
        let list = run(package.start(&executable).args(["--list", "--format", "json"]))?.stdout;
        let results = ground.work.join("results/probes");
        Ok(Self { package, executable, ids: listed_ids(&list)?, results })
    }

    /// Measures one workload.
    fn run(&self, workload: &str, with_probes: bool) -> Result<(f64, OwnCase)> {
        let id = self.ids.iter().find(|id| is_case_of(id, workload));
        let id = id.context(|| format!("no case is called `{workload}`"))?;
        empty_folder(&self.results)?;
        let mut command = self.package.start(&self.executable);
        command.args(["--bench", "--exact", id]);
        if !with_probes {
            command.arg("--no-probes");
        }
        let (seconds, cases) = run_own(&mut command, &self.results)?;
        let case =
            cases.into_iter().next().context(|| format!("nothing was measured of `{id}`"))?;
        Ok((seconds, case))
    }
}

/// Whether that identifier, without its parameters, ends in that name.
fn is_case_of(id: &str, workload: &str) -> bool {
    let path = id.split(['[', '{', '<']).next().unwrap_or(id);
    path.rsplit("::").next() == Some(workload)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn runs(ns: f64, share: f64, seconds: f64) -> Runs {
        Runs {
            seconds: vec![seconds; 3],
            ns: vec![ns; 3],
            timed_share: vec![share; 3],
            voided: vec![0.0; 3],
        }
    }

    fn compared(workload: &str, on: Runs, off: Runs) -> Compared {
        Compared { workload: workload.to_owned(), on, off }
    }

    #[test]
    fn what_is_missing_in_timed_regions_is_the_cost() {
        let inputs = compared("inputs", runs(101.5, 0.4, 1.1), runs(100.0, 0.5, 1.0));
        let near = |middle: Option<Middle>, value: f64| (middle.unwrap().at - value).abs() < 1e-9;
        assert!(near(inputs.cost_of_timed(), 50.0) && near(inputs.cost_of_sampling(), 20.0));
        assert!(near(inputs.change(), 1.5) && near(inputs.wall_ratio(), 1.1));
    }

    #[test]
    fn misses_are_named_with_their_interval() {
        let alu = compared("alu", runs(100.5, 0.999, 1.0), runs(100.0, 1.0, 1.0));
        let slow = compared(SLOW, runs(97.0, 0.5, 1.0), runs(100.0, 1.0, 1.0));
        let data = Data { guard_ns: 480.0, workloads: vec![alu, slow] };
        let claims = data.claims();
        assert_eq!(claims[0].verdict(), "missed: slow -3.00 % (-3.00 to -3.00)");
        assert_eq!((claims[1].verdict(), claims[1].cells()[2].as_str()), ("met", "1 of 1"));
        assert_eq!(claims[3].cells()[2], "1 of 2");
    }

    #[test]
    fn cases_are_found_whatever_their_parameters() {
        assert!(is_case_of("workloads::threads{t=2}", "threads"));
        assert!(is_case_of("workloads::inputs", "inputs"));
        assert!(!is_case_of("workloads::heap_inputs", "inputs"));
    }

    #[test]
    fn six_digits_are_kept() {
        let shown = [0.0, 1_234_567.0, 0.012_345_678].map(|value| rounded(value).to_string());
        assert_eq!(shown, ["0", "1234570", "0.0123457"]);
    }
}
