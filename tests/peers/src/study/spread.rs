//! How far the reported figures of repeated whole runs lie apart.

use serde::{Deserialize, Serialize};

use super::coverage::{Coverage, Series};
use super::tools::{Contestant, Tool, WholeRun};
use super::{Conditions, Findings};
use crate::failure::Result;
use crate::figures::{median, ratio, robust_sd, spread_ratio_interval};
use crate::fixture::{WORKLOADS, contest};
use crate::parse::Estimate;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};

/// The workload whose time is about nothing: spreads are compared in nanoseconds there.
const EMPTY: &str = "empty";

/// Whole runs of the three tools.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    versions: String,
    /// Wall time of every whole run.
    seconds: Vec<(Tool, Vec<f64>)>,
    medians: Vec<(Tool, Series)>,
    /// Slope or mean, as criterion prints them.
    shown: Vec<(Tool, Series)>,
}

impl Findings for Data {
    const NAME: &'static str = "spread";
    const TITLE: &'static str = "Spread of repeated runs";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let repetitions = conditions.effort.repetitions(20, 2);
        let mut progress = Progress::new(Self::NAME, Tool::ALL.len() * (repetitions + 1));
        let package = contest(conditions.ground)?;
        let mut contestants = Vec::new();
        for tool in Tool::ALL {
            contestants.push(Contestant::build(conditions.ground, &package, tool)?);
            progress.step(&format!("built {}", tool.name()));
        }
        let versions = format!(
            "divan {}, criterion {}",
            package.version_of("divan")?,
            package.version_of("criterion")?
        );
        let mut data =
            Self { versions, seconds: Vec::new(), medians: Vec::new(), shown: Vec::new() };
        let names = WORKLOADS.map(|(name, _)| name);
        for _ in 0..repetitions {
            for contestant in conditions.chance.shuffled(&contestants) {
                let whole = contestant.run_once(&names)?;
                progress.step(&format!("{} {:.1} s", contestant.tool.name(), whole.seconds));
                data.add(contestant.tool, whole);
            }
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let mut claims: Vec<Claim> =
            [Tool::Divan, Tool::Criterion].iter().map(|&peer| self.against(peer)).collect();
        for tool in Tool::ALL {
            let total: f64 = self.seconds(tool).iter().sum();
            let what = format!("wall time of those runs, {}", tool.name());
            claims.push(
                Claim::told(what, format!("{total:.0} s in all"), " s").spread(self.seconds(tool)),
            );
        }
        claims
    }

    fn text(&self) -> String {
        let runs = self.seconds(Tool::Own).len();
        format!(
            "{runs} whole runs of each tool over the same eight workloads, the tools in random \
             order in every repetition ({}). Each spends about 0.6 s on a workload: {}. Compared \
             are the medians that they report: the SDK's `time`, divan's median as printed, \
             criterion's `median.point_estimate`. The robust standard deviation is 1.4826 times \
             the median absolute deviation, relative to the median of the runs; for `{EMPTY}`, \
             whose time is about nothing and is defined differently by each tool, it is in \
             nanoseconds. divan prints at most four digits, so its spreads below some 0.05 % \
             cannot be told from none. With {runs} runs a robust standard deviation is itself \
             uncertain by about {:.0} %; the intervals hold the middle 90 % of 2,000 resamples \
             of the ratio, and where 1 lies inside, the order is not settled.\n\n{}\n\
             How often the interval that one run reports covers the median of all {runs} runs, in \
             these runs of equal time:\n\n{}",
            self.versions,
            Tool::ALL
                .map(|tool| format!("{} `{}`", tool.name(), tool.arguments().join(" ")))
                .join(", "),
            100.0 / (2.0 * 0.37 * runs.max(1) as f64).sqrt(),
            self.spread_table(),
            coverage_table(self.medians.iter().chain(&self.shown).map(|(_, series)| series)),
        )
    }
}

impl Data {
    fn add(&mut self, tool: Tool, whole: WholeRun) {
        match self.seconds.iter_mut().find(|(of, _)| *of == tool) {
            Some((_, seconds)) => seconds.push(whole.seconds),
            None => self.seconds.push((tool, vec![whole.seconds])),
        }
        append(&mut self.medians, tool, &format!("{}, median", tool.name()), whole.medians);
        append(&mut self.shown, tool, &format!("{}, as printed", tool.name()), whole.shown);
    }

    fn seconds(&self, tool: Tool) -> &[f64] {
        let found = self.seconds.iter().find(|(of, _)| *of == tool);
        found.map_or(&[], |(_, seconds)| seconds)
    }

    fn estimates(&self, tool: Tool, workload: &str) -> Vec<f64> {
        let of = |(by, series): &&(Tool, Series)| *by == tool && series.benchmark == workload;
        self.medians.iter().find(of).map_or_else(Vec::new, |(_, series)| series.estimates())
    }

    /// Estimates as their spread is compared: as ratios of their median, where that is not nothing.
    fn comparable(&self, tool: Tool, workload: &str) -> Vec<f64> {
        let estimates = self.estimates(tool, workload);
        match median(&estimates) {
            Some(middle) if workload != EMPTY && middle > 0.0 => {
                estimates.iter().map(|ns| ns / middle).collect()
            }
            _ => estimates,
        }
    }

    /// Own spread as a ratio of the peer's; infinite where the peer's is nothing.
    fn spread_ratio(&self, peer: Tool, workload: &str) -> Option<f64> {
        let own = robust_sd(&self.comparable(Tool::Own, workload))?;
        let theirs = robust_sd(&self.comparable(peer, workload))?;
        Some(ratio(own, theirs).unwrap_or(if own == 0.0 { 1.0 } else { f64::INFINITY }))
    }

    fn against(&self, peer: Tool) -> Claim {
        let mut misses = Vec::new();
        let mut compared = 0;
        for (workload, _) in WORKLOADS {
            let Some(ratio) = self.spread_ratio(peer, workload) else { continue };
            compared += 1;
            if ratio > 1.0 {
                misses.push(format!("{workload} {}", times(ratio)));
            }
        }
        let what = format!("spread over whole runs no larger than {}'s", peer.name());
        let met = format!("{} of {compared}", compared - misses.len());
        let miss = (!misses.is_empty()).then(|| misses.join(", "));
        Claim::holds(
            what,
            format!("{} of {} workloads", WORKLOADS.len(), WORKLOADS.len()),
            met,
            miss,
        )
    }

    fn spread_table(&self) -> Table {
        let head = ["workload", "", "bench-sdk", "divan", "criterion", "/ divan", "/ criterion"];
        let mut table = Table::new(&head);
        for (workload, words) in WORKLOADS {
            let mut cells = vec![workload.to_owned(), words.to_owned()];
            cells.extend(Tool::ALL.map(|tool| self.spread_cell(tool, workload)));
            cells
                .extend([Tool::Divan, Tool::Criterion].map(|peer| self.ratio_cell(peer, workload)));
            table.row(cells);
        }
        table
    }

    fn spread_cell(&self, tool: Tool, workload: &str) -> String {
        let middle = median(&self.estimates(tool, workload)).unwrap_or_default();
        let spread = robust_sd(&self.comparable(tool, workload)).unwrap_or_default();
        let spread = if workload == EMPTY || middle == 0.0 {
            format!("{} ns", figure(spread))
        } else {
            format!("{} %", figure(spread * 100.0))
        };
        format!("{} ns ± {spread}", figure(middle))
    }

    fn ratio_cell(&self, peer: Tool, workload: &str) -> String {
        let (own, theirs) = (self.comparable(Tool::Own, workload), self.comparable(peer, workload));
        let ratio = self.spread_ratio(peer, workload).map_or_else(|| "-".to_owned(), times);
        match spread_ratio_interval(&own, &theirs) {
            Some((low, high)) => format!("{ratio} ({} to {})", times(low), times(high)),
            None => ratio,
        }
    }
}

/// A ratio of spreads; there is no telling how many times nothing something is.
fn times(ratio: f64) -> String {
    if ratio > 1e6 { "inf".to_owned() } else { format!("{} x", figure(ratio)) }
}

/// Adds what one run reported to what runs before it did.
fn append(
    all: &mut Vec<(Tool, Series)>,
    tool: Tool,
    figure: &str,
    estimates: Vec<(String, Estimate)>,
) {
    for (benchmark, estimate) in estimates {
        let of = |(by, series): &&mut (Tool, Series)| *by == tool && series.benchmark == benchmark;
        if let Some((_, series)) = all.iter_mut().find(of) {
            series.runs.push(estimate);
        } else {
            let figure = figure.to_owned();
            all.push((tool, Series { figure, benchmark, runs: vec![estimate] }));
        }
    }
}

/// One row for each figure of each tool, and one for each benchmark of it.
pub(crate) fn coverage_table<'a>(all: impl Iterator<Item = &'a Series>) -> Table {
    let head = ["figure", "benchmark", "covered", "claimed level", "median half width"];
    let mut table = Table::new(&head);
    let mut sorted: Vec<&Series> = all.collect();
    sorted.sort_by(|a, b| (&a.figure, &a.benchmark).cmp(&(&b.figure, &b.benchmark)));
    for series in sorted {
        if let Some(coverage) = series.coverage() {
            table.row(coverage_row(&series.figure, &series.benchmark, coverage));
        }
    }
    table
}

fn coverage_row(figure_name: &str, benchmark: &str, coverage: Coverage) -> Vec<String> {
    vec![
        figure_name.to_owned(),
        benchmark.to_owned(),
        format!("{} of {}", coverage.covering, coverage.intervals),
        coverage.level_text(),
        format!("± {} %", figure(coverage.half_width * 100.0)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Data {
        let mut data =
            Data { versions: String::new(), seconds: vec![], medians: vec![], shown: vec![] };
        for run in 0..5 {
            let away = f64::from(run) - 2.0;
            for (tool, scale) in [(Tool::Own, 1.0), (Tool::Divan, 2.0), (Tool::Criterion, 0.5)] {
                let estimate = |ns| Estimate { ns, low: None, high: None, level: None };
                let medians = vec![
                    ("alu".to_owned(), estimate(100.0 + away * scale)),
                    (EMPTY.to_owned(), estimate(0.0)),
                ];
                data.add(tool, WholeRun { seconds: 1.0, medians, shown: Vec::new() });
            }
        }
        data
    }

    #[test]
    fn spreads_are_compared_by_workload_and_misses_named() {
        let data = data();
        assert_eq!(data.against(Tool::Divan).verdict(), "met");
        assert_eq!(data.against(Tool::Criterion).verdict(), "missed: alu 2 x");
        assert_eq!(data.against(Tool::Criterion).cells()[2], "1 of 2");
    }

    #[test]
    fn nothing_is_no_larger_than_nothing() {
        assert_eq!(data().spread_ratio(Tool::Divan, EMPTY), Some(1.0));
        assert_eq!(data().spread_ratio(Tool::Divan, "dram"), None);
    }
}
