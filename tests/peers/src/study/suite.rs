//! The default run of a whole suite, and the intervals it reports.

use serde::{Deserialize, Serialize};

use super::coverage::{Coverage, Series};
use super::spread::coverage_table;
use super::tools::{read_criterion, run_own};
use super::{Conditions, Findings};
use crate::failure::{Context, Result};
use crate::figures::median;
use crate::fixture::{PAIRS, Pair, hub_contest};
use crate::ground::{Ground, Package, empty_folder};
use crate::parse::{Estimate, listed_ids};
use crate::process::run;
use crate::progress::Progress;
use crate::report::{Claim, Table};

const OWN: &str = "bench-sdk, median";
const CRITERION_SHOWN: &str = "criterion, slope or mean as printed";
const CRITERION_MEDIAN: &str = "criterion, median";

/// Wall times and intervals with the tools' defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    criterion_version: String,
    /// Cases that both tools measure.
    functions: Vec<String>,
    /// Wall time of `cargo bench` for these, one for each repetition.
    own_seconds: Vec<f64>,
    criterion_seconds: Vec<f64>,
    /// All cases of the hub, and the wall time of `cargo bench` for all of them.
    whole_cases: usize,
    whole_seconds: Option<f64>,
    /// Repeated whole runs of a few functions.
    series: Vec<Series>,
}

impl Findings for Data {
    const NAME: &'static str = "suite";
    const TITLE: &'static str = "Default run of the example hub";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let quick = conditions.effort.is_quick();
        let repetitions = conditions.effort.repetitions(3, 1);
        let covering = conditions.effort.repetitions(20, 2);
        let mut progress = Progress::new(Self::NAME, 3 + 2 * (repetitions + covering));
        let stage = Stage::build(conditions.ground)?;
        progress.step("built");
        let often: Vec<Pair> = PAIRS.into_iter().filter(|pair| pair.often).collect();
        let pairs = if quick { often.clone() } else { PAIRS.to_vec() };
        let mut data = Self {
            criterion_version: stage.peer.version_of("criterion")?,
            functions: pairs.iter().map(|pair| pair.case.to_owned()).collect(),
            own_seconds: Vec::new(),
            criterion_seconds: Vec::new(),
            whole_cases: stage.whole_cases()?,
            whole_seconds: None,
            series: Vec::new(),
        };
        for _ in 0..repetitions {
            for is_own in conditions.chance.shuffled(&[true, false]) {
                let (seconds, _) = stage.run(is_own, &pairs)?;
                let all = if is_own { &mut data.own_seconds } else { &mut data.criterion_seconds };
                all.push(seconds);
                progress.step(&format!("{} {seconds:.1} s", name(is_own)));
            }
        }
        if !quick {
            data.whole_seconds = Some(stage.run_own(&[])?.0);
        }
        progress.step("whole suite");
        for _ in 0..covering {
            for is_own in conditions.chance.shuffled(&[true, false]) {
                let (seconds, estimates) = stage.run(is_own, &often)?;
                data.add(estimates);
                progress.step(&format!("again, {} {seconds:.1} s", name(is_own)));
            }
        }
        progress.step("done");
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let ratios = self.own_seconds.iter().zip(&self.criterion_seconds).map(|(a, b)| a / b);
        let ratio = median(&self.own_seconds).zip(median(&self.criterion_seconds));
        let what = format!(
            "default `cargo bench`, {} functions of the hub, bench-sdk / criterion",
            self.functions.len()
        );
        let mut claims = vec![
            Claim::at_most(what, 0.125, ratio.map(|(own, theirs)| own / theirs), " x")
                .spread(ratios.collect::<Vec<_>>()),
        ];
        if let Some(coverage) = self.pooled(OWN) {
            let miss = (!coverage.is_as_claimed())
                .then(|| "so few are improbable (below 5 %) at that level".to_owned());
            let what = "interval covers the median of whole runs, bench-sdk";
            let target = format!("its level, {}", coverage.level_text());
            claims.push(Claim::holds(what, target, hits(coverage), miss));
        }
        if let Some(coverage) = self.pooled(CRITERION_SHOWN) {
            let what = format!("the same, criterion (level {})", coverage.level_text());
            claims.push(Claim::told(what, hits(coverage), ""));
        }
        claims
    }

    fn text(&self) -> String {
        let mut table = Table::new(&["tool", "benchmarks", "median", "a benchmark"]);
        let mut row = |tool: &str, count: usize, seconds: Option<f64>| {
            if let Some(seconds) = seconds {
                table.row(vec![
                    tool.to_owned(),
                    count.to_string(),
                    format!("{seconds:.1} s"),
                    format!("{:.2} s", seconds / count.max(1) as f64),
                ]);
            }
        };
        let functions = self.functions.len();
        row("bench-sdk", functions, median(&self.own_seconds));
        row("criterion", functions, median(&self.criterion_seconds));
        row("bench-sdk, the whole suite", self.whole_cases, self.whole_seconds);
        let scaled = median(&self.criterion_seconds)
            .map(|seconds| seconds / functions.max(1) as f64 * self.whole_cases as f64);
        row("criterion, the whole suite, scaled up and not measured", self.whole_cases, scaled);
        format!(
            "Wall time of `cargo bench` with everything built before and both tools (criterion {}) \
             as they are by default, on functions of the example hub with the same inputs; \
             interleaved repetitions: {}. Of the hub's {} cases only {functions} are measured with \
             both, because criterion takes so long for each; its time for all of them is this one \
             scaled by the number of cases.\n\nFunctions: {}.\n\n{table}\n\
             How often the interval of one run with default settings covers the median of the \
             estimates of all whole runs. An interval that leaves out what differs from process to \
             process misses it more often than its level says:\n\n{}",
            self.criterion_version,
            self.own_seconds.len(),
            self.whole_cases,
            self.functions.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "),
            coverage_table(self.series.iter()),
        )
    }
}

impl Data {
    fn add(&mut self, estimates: Vec<(&str, String, Estimate)>) {
        for (figure, benchmark, estimate) in estimates {
            let known = self.series.iter_mut();
            match known.into_iter().find(|s| s.figure == figure && s.benchmark == benchmark) {
                Some(series) => series.runs.push(estimate),
                None => self.series.push(Series {
                    figure: figure.to_owned(),
                    benchmark,
                    runs: vec![estimate],
                }),
            }
        }
    }

    fn pooled(&self, figure: &str) -> Option<Coverage> {
        let of = self.series.iter().filter(|series| series.figure == figure);
        Coverage::pooled(&of.filter_map(Series::coverage).collect::<Vec<_>>())
    }
}

fn hits(coverage: Coverage) -> String {
    format!("{} of {}", coverage.covering, coverage.intervals)
}

fn name(is_own: bool) -> &'static str {
    if is_own { "bench-sdk" } else { "criterion" }
}

/// A figure's name, the benchmark and the estimate.
type Found = Vec<(&'static str, String, Estimate)>;

/// The hub and its peer, built.
struct Stage {
    hub: Package,
    peer: Package,
    results: std::path::PathBuf,
}

impl Stage {
    fn build(ground: &Ground) -> Result<Self> {
        let hub = ground.member("examples/hub/hub");
        run(hub.cargo().args(["fetch", "--quiet"]))?;
        hub.bench_executable("all", &["bench"])?;
        let peer = hub_contest(ground)?;
        peer.bench_executable("criterion_peer", &[])?;
        Ok(Self { hub, peer, results: ground.work.join("results/suite") })
    }

    fn bench_hub(&self) -> std::process::Command {
        let mut cargo = self.hub.cargo();
        cargo.args([
            "bench",
            "--offline",
            "--quiet",
            "--features",
            "bench",
            "--bench",
            "all",
            "--",
        ]);
        cargo
    }

    /// Cases that a run of everything measures.
    fn whole_cases(&self) -> Result<usize> {
        let list = run(self.bench_hub().args(["--list", "--format", "json"]))?.stdout;
        Ok(listed_ids(&list)?.len())
    }

    fn run(&self, is_own: bool, pairs: &[Pair]) -> Result<(f64, Found)> {
        if is_own { self.run_own(pairs) } else { self.run_criterion(pairs) }
    }

    /// The pairs, or everything if there are none.
    fn run_own(&self, pairs: &[Pair]) -> Result<(f64, Found)> {
        let results = self.emptied("own")?;
        let mut cargo = self.bench_hub();
        if !pairs.is_empty() {
            cargo.arg("--exact").args(pairs.iter().map(|pair| pair.case));
        }
        let (seconds, cases) = run_own(&mut cargo, &results)?;
        let mut found = Vec::new();
        for pair in pairs {
            let case = cases.iter().find(|case| case.id == pair.case);
            let case = case.context(|| format!("the hub has no case `{}`", pair.case))?;
            found.push((OWN, pair.criterion.to_owned(), case.time));
        }
        Ok((seconds, found))
    }

    fn run_criterion(&self, pairs: &[Pair]) -> Result<(f64, Found)> {
        let results = self.emptied("criterion")?;
        let names: Vec<&str> = pairs.iter().map(|pair| pair.criterion).collect();
        let mut cargo = self.peer.cargo();
        cargo.args(["bench", "--offline", "--quiet", "--bench", "criterion_peer", "--"]);
        cargo.arg(format!("^({})$", names.join("|"))).env("CRITERION_HOME", &results);
        let seconds = run(&mut cargo)?.seconds;
        let mut found = Vec::new();
        for name in names {
            let estimates = read_criterion(&results, name)?;
            found.push((CRITERION_SHOWN, name.to_owned(), estimates.shown));
            found.push((CRITERION_MEDIAN, name.to_owned(), estimates.median));
        }
        Ok((seconds, found))
    }

    fn emptied(&self, name: &str) -> Result<std::path::PathBuf> {
        let folder = self.results.join(name);
        empty_folder(&folder)?;
        Ok(folder)
    }
}
