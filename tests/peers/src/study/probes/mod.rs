//! What the guard around timed regions and the probes change and cost.

mod compared;

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use self::compared::{Compared, Costs, TARGET_PERCENT, WATCHED_NS, signed};
use super::tools::run_own;
use super::{Conditions, Findings};
use crate::failure::{Context, Result};
use crate::figures::{Middle, median, range, rounded};
use crate::fixture::{GUARD, PROBED, PROBES, probed};
use crate::ground::{Ground, Package, empty_folder};
use crate::parse::{OwnCase, listed_ids, own_clock_ns};
use crate::process::run;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};

/// Workloads measured with probes and without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    costs: Costs,
    workloads: Vec<Compared>,
}

impl Findings for Data {
    const NAME: &'static str = "probes";
    const TITLE: &'static str = "Guard and probes";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let repetitions = conditions.effort.repetitions(16, 2);
        let mut progress = Progress::new(Self::NAME, repetitions + 1);
        let stage = Stage::build(conditions.ground)?;
        let costs = stage.costs()?;
        progress.step("built");
        let workloads = PROBED.iter().map(|workload| Compared::new(workload.name)).collect();
        let mut data = Self { costs, workloads };
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
        let change = |compared: &Compared| {
            let change = compared.change()?;
            Some((change.at, signed(&change)))
        };
        let cost = |compared: &Compared, of_sampling: bool| {
            let (timed, sampling) = compared.cost(&self.costs)?;
            let percent = if of_sampling { sampling } else { timed };
            Some((percent, format!("{} %", figure(percent))))
        };
        let is_settled = |c: &&Compared| c.change().is_some_and(|change| is_inside(&change));
        let settled = self.workloads.iter().filter(is_settled).count();
        vec![
            self.within("median of a case changes by less than 1 % with probes", change),
            Claim::told(
                "that change within 1 % with its whole interval",
                format!("{settled} of {all} workloads"),
                "",
            ),
            self.within("watching while sampling, below 1 % of timed regions", |c| cost(c, false)),
            self.within("the same, below 1 % of the time for sampling", |c| cost(c, true)),
            told("the same, seen from outside", " %", Compared::lost, &self.workloads),
            told(
                "wall time of a run, with probes / without",
                " x",
                Compared::wall_ratio,
                &self.workloads,
            ),
        ]
    }

    fn text(&self) -> String {
        let mut table = Table::new(&[
            "workload",
            "",
            "median without",
            "change with probes",
            "timed share",
            "watching: of timed regions",
            "of sampling",
            "seen from outside",
            "voided",
            "wall time of a run",
        ]);
        for compared in &self.workloads {
            table.row(compared.cells(&self.costs));
        }
        format!(
            "One executable with `BenchAlloc` as its allocator, run for one workload at a time, \
             with probes and with `--no-probes`, the two of a pair in random order right after \
             each other; {} pairs for each workload, the workloads in random order. `--no-probes` \
             switches off the guard (the counter of involuntary switches, read before and after \
             what it watches, off the clock), metering and counting. The change is the median of \
             the pairs' ratios; intervals are those of the sign test, at least 95 %.\n\n\
             What watching costs is computed: two readings of the guard take {} ns here, two of \
             all probes {} ns. A batch of one region is watched once, and so is a batch of regions \
             that take less than {} us each, with inputs and drops; longer ones are watched each, \
             and a region with inputs or outputs is some {} us long. `slow` is metered while it is \
             sampled; the others are metered and counted afterwards, in batches of their own, which \
             is the difference in wall time. \"Seen from outside\" is the same measured without \
             knowing any of that: sampling ends after a given time, so what watching takes is \
             missing in timed regions; their share with probes is compared with that without, pair \
             by pair. Whatever else runs on the machine is in that figure too, and a few \
             iterations of `slow` are too few for it.\n\n{table}",
            self.workloads.first().map_or(0, |compared| compared.on.ns.len()),
            figure(self.costs.guard_ns),
            figure(self.costs.probes_ns),
            figure(WATCHED_NS / 1e3),
            figure(self.costs.region_ns() / 1e3),
        )
    }
}

impl Data {
    /// The claim that something stays within the target for every workload: in per cent, and as it
    /// is shown.
    fn within(&self, what: &str, of: impl Fn(&Compared) -> Option<(f64, String)>) -> Claim {
        let found: Vec<(&str, f64, String)> = self
            .workloads
            .iter()
            .filter_map(|compared| {
                let (percent, shown) = of(compared)?;
                Some((compared.workload.as_str(), percent, shown))
            })
            .collect();
        let missed: Vec<String> = found
            .iter()
            .filter(|(_, percent, _)| percent.abs() >= TARGET_PERCENT)
            .map(|(workload, _, shown)| format!("{workload} {shown}"))
            .collect();
        let all = found.len();
        let met = all - missed.len();
        let miss = (!missed.is_empty()).then(|| missed.join(", "));
        Claim::holds(what, format!("{all} of {all} workloads"), format!("{met} of {all}"), miss)
    }
}

/// The median over the workloads, with the lowest and the highest.
fn told(
    what: &str,
    unit: &'static str,
    of: impl Fn(&Compared) -> Option<Middle>,
    workloads: &[Compared],
) -> Claim {
    let found: Vec<f64> = workloads.iter().filter_map(|c| of(c).map(|middle| middle.at)).collect();
    let shown = median(&found).map_or_else(|| "-".to_owned(), |m| format!("{}{unit}", figure(m)));
    Claim::told(what, shown, unit).interval(range(&found).map(|(low, high)| [low, high]))
}

fn is_inside(percent: &Middle) -> bool {
    -TARGET_PERCENT < percent.low && percent.high < TARGET_PERCENT
}

/// The executable, and the identifiers of its cases.
struct Stage {
    package: Package,
    executable: PathBuf,
    ids: Vec<String>,
    results: PathBuf,
}

impl Stage {
    fn build(ground: &Ground) -> Result<Self> {
        let package = probed(ground)?;
        let executable = package.bench_executable("workloads", &[])?;
        let list = run(package.start(&executable).args(["--list", "--format", "json"]))?.stdout;
        let results = ground.work.join("results/probes");
        Ok(Self { package, executable, ids: listed_ids(&list)?, results })
    }

    fn costs(&self) -> Result<Costs> {
        let pair_ns = |what| self.run(what, false).map(|(_, case)| rounded(case.time.ns));
        let (guard_ns, probes_ns) = (pair_ns(GUARD)?, pair_ns(PROBES)?);
        let file = self.results.join("run.json");
        let text = fs::read_to_string(&file).context(|| format!("reading {}", file.display()))?;
        Ok(Costs { guard_ns, probes_ns, clock_ns: own_clock_ns(&text)? })
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
    use super::compared::Runs;
    use super::*;

    fn runs(ns: f64) -> Runs {
        Runs {
            seconds: vec![1.0; 3],
            ns: vec![ns; 3],
            sample_ns: vec![250e3; 3],
            timed_share: vec![0.9; 3],
            voided: vec![0.0; 3],
        }
    }

    fn compared(workload: &str, on_ns: f64) -> Compared {
        Compared { workload: workload.to_owned(), on: runs(on_ns), off: runs(100.0) }
    }

    #[test]
    fn misses_are_named_with_their_interval() {
        let costs = Costs { guard_ns: 500.0, probes_ns: 30e3, clock_ns: 20.0 };
        let workloads = vec![compared("alu", 100.5), compared("slow", 97.0)];
        let claims = Data { costs, workloads }.claims();
        assert_eq!(claims[0].verdict(), "missed: slow -3.00 % (-3.00 to -3.00)");
        assert_eq!(claims[1].cells()[2], "1 of 2 workloads");
        assert_eq!(claims[2].verdict(), "missed: slow 12.2 %");
        assert_eq!(claims[2].cells()[2], "1 of 2");
    }

    #[test]
    fn cases_are_found_whatever_their_parameters() {
        assert!(is_case_of("workloads::threads{t=2}", "threads"));
        assert!(is_case_of("workloads::inputs", "inputs"));
        assert!(!is_case_of("workloads::heap_inputs", "inputs"));
    }
}
