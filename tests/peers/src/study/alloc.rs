//! What counting allocators add to an allocation.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::tools::run_own;
use super::{Conditions, Findings};
use crate::failure::{Context, Failure, Result};
use crate::figures::{Middle, median, ratio, resampled, rounded};
use crate::fixture::{REPORT_VARIABLE, allocators};
use crate::ground::{Ground, Package, empty_folder};
use crate::parse::{Timed, timed_allocations};
use crate::process::run;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};

/// Least number of allocations that the counted loop must have been seen to make.
const COUNTED: f64 = 1e6;

/// What allocates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Allocator {
    /// The system's, alone.
    System,
    /// `BenchAlloc` around it, as it is while something is timed.
    Idle,
    /// `BenchAlloc` around it, while it counts.
    Counting,
    /// divan's `AllocProfiler` around it, which counts whenever it is installed.
    Divan,
}

impl Allocator {
    const ALL: [Self; 4] = [Self::System, Self::Idle, Self::Counting, Self::Divan];

    fn target(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Idle => "bench_alloc",
            Self::Counting => "counting",
            Self::Divan => "divan_profiler",
        }
    }
}

/// Times of an allocation and its free.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    divan_version: String,
    series: Vec<Series>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Series {
    allocator: Allocator,
    size: usize,
    threads: usize,
    /// One for each process.
    ns: Vec<f64>,
}

impl Findings for Data {
    const NAME: &'static str = "alloc";
    const TITLE: &'static str = "Counting allocators";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let repetitions = conditions.effort.repetitions(40, 3);
        let mut progress = Progress::new(Self::NAME, repetitions + 1);
        let stage = Stage::build(conditions.ground)?;
        progress.step("built");
        let divan_version = stage.package.version_of("divan")?;
        let mut data = Self { divan_version, series: Vec::new() };
        for _ in 0..repetitions {
            for allocator in conditions.chance.shuffled(&Allocator::ALL) {
                for timed in stage.run(allocator)? {
                    data.add(allocator, timed);
                }
            }
            progress.step("every allocator");
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let mut claims = Vec::new();
        for (allocator, words) in [(Allocator::Idle, "timing"), (Allocator::Counting, "counting")] {
            for (size, threads) in self.settings() {
                let what = format!(
                    "added to an allocation of {size} B and its free, {}, `BenchAlloc` while \
                     {words} / `AllocProfiler`",
                    on(threads)
                );
                let added = self.added_ratio(allocator, size, threads);
                let (at, interval) = (added.map(|a| a.at), added.map(|a| [a.low, a.high]));
                let claim = match allocator {
                    Allocator::Idle => Claim::at_most(what, 1.0, at, " x"),
                    _ => Claim::told(
                        what,
                        at.map_or_else(|| "-".to_owned(), |at| format!("{} x", figure(at))),
                        " x",
                    ),
                };
                claims.push(claim.interval(interval));
            }
        }
        claims
    }

    fn text(&self) -> String {
        let mut table = Table::new(&[
            "size",
            "threads",
            "system",
            "`BenchAlloc`, timing: added",
            "`AllocProfiler`: added",
            "`BenchAlloc`, counting: added",
            "timing / `AllocProfiler`, whole cost",
        ]);
        for (size, threads) in self.settings() {
            let ns = |allocator| self.ns(allocator, size, threads);
            let added = |allocator| {
                let added = self.added(allocator, size, threads);
                added.map_or_else(|| "-".to_owned(), |added| spelled(&added, " ns"))
            };
            let whole = Middle::of_pairs(ns(Allocator::Idle), ns(Allocator::Divan), ratio);
            table.row(vec![
                format!("{size} B"),
                threads.to_string(),
                format!("{} ns", figure(median(ns(Allocator::System)).unwrap_or_default())),
                added(Allocator::Idle),
                added(Allocator::Divan),
                added(Allocator::Counting),
                whole.map_or_else(|| "-".to_owned(), |whole| spelled(&whole, " x")),
            ]);
        }
        format!(
            "Four programs with the same timed loop, which allocates a block and frees it again, \
             20,000 times between two readings of the clock; a process reports the median of 31 \
             such batches, on two threads the mean of what each of them saw. {} processes of each \
             program, in random order in every repetition. `BenchAlloc` counts in a phase of its \
             own; while a benchmark is timed it does not. `AllocProfiler` (divan {}) counts \
             whenever it is installed, also while divan times. To see what counting costs, the \
             fourth program runs the loop as a benchmark with `--test` and keeps the times of the \
             call that is counted; that it was, its record shows. Each program starts and ends a \
             thread before it begins, since the system's allocator takes other paths once there \
             has been a second one.\n\n\
             What is added is the difference to the system's allocator in the same repetition: \
             the median, and the interval of the sign test, at least 95 %. Ratios of what is \
             added are those of the medians, with the middle 95 % of 2,000 resamples of the \
             repetitions.\n\n{table}",
            self.ns(Allocator::System, 16, 1).len(),
            self.divan_version,
        )
    }
}

impl Data {
    fn add(&mut self, allocator: Allocator, timed: Timed) {
        let Timed { size, threads, ns } = timed;
        let ns = rounded(ns);
        let same = |s: &&mut Series| (s.allocator, s.size, s.threads) == (allocator, size, threads);
        match self.series.iter_mut().find(same) {
            Some(series) => series.ns.push(ns),
            None => self.series.push(Series { allocator, size, threads, ns: vec![ns] }),
        }
    }

    /// Sizes and threads.
    fn settings(&self) -> Vec<(usize, usize)> {
        let of = |series: &&Series| series.allocator == Allocator::System;
        self.series.iter().filter(of).map(|series| (series.size, series.threads)).collect()
    }

    fn ns(&self, allocator: Allocator, size: usize, threads: usize) -> &[f64] {
        let same = |s: &&Series| (s.allocator, s.size, s.threads) == (allocator, size, threads);
        self.series.iter().find(same).map_or(&[], |series| &series.ns)
    }

    /// Nanoseconds more than the system's allocator takes.
    fn added(&self, allocator: Allocator, size: usize, threads: usize) -> Option<Middle> {
        let bare = self.ns(Allocator::System, size, threads);
        Middle::of_pairs(self.ns(allocator, size, threads), bare, |ns, bare| Some(ns - bare))
    }

    /// What the allocator adds as a ratio of what divan's adds; `None` where that one cannot be
    /// told from nothing.
    fn added_ratio(&self, allocator: Allocator, size: usize, threads: usize) -> Option<Middle> {
        self.added(Allocator::Divan, size, threads).filter(|added| added.low > 0.0)?;
        let ns = |allocator| self.ns(allocator, size, threads);
        let rounds: Vec<[f64; 2]> = ns(allocator)
            .iter()
            .zip(ns(Allocator::Divan))
            .zip(ns(Allocator::System))
            .map(|((ours, theirs), bare)| [ours - bare, theirs - bare])
            .collect();
        let of = |rounds: &[[f64; 2]]| {
            let middle = |at: usize| median(&rounds.iter().map(|r| r[at]).collect::<Vec<_>>());
            ratio(middle(0)?, middle(1)?)
        };
        resampled(&rounds, of)
    }
}

fn on(threads: usize) -> String {
    if threads == 1 { "one thread".to_owned() } else { format!("{threads} threads at once") }
}

/// A figure with its interval.
fn spelled(middle: &Middle, unit: &str) -> String {
    format!("{:.2}{unit} ({:.2} to {:.2})", middle.at, middle.low, middle.high)
}

/// The programs, built.
struct Stage {
    package: Package,
    executables: Vec<(Allocator, PathBuf)>,
    results: PathBuf,
}

impl Stage {
    fn build(ground: &Ground) -> Result<Self> {
        let package = allocators(ground)?;
        let build = |allocator: Allocator| {
            Ok((allocator, package.bench_executable(allocator.target(), &[])?))
        };
        let executables = Allocator::ALL.into_iter().map(build).collect::<Result<_>>()?;
        Ok(Self { package, executables, results: ground.work.join("results/alloc") })
    }

    fn run(&self, allocator: Allocator) -> Result<Vec<Timed>> {
        let found = self.executables.iter().find(|(of, _)| *of == allocator);
        let (_, executable) = found.context(|| format!("{} is not built", allocator.target()))?;
        let mut command = self.package.start(executable);
        if allocator != Allocator::Counting {
            return timed_allocations(&run(&mut command)?.stdout);
        }
        empty_folder(&self.results)?;
        let report = self.results.join("report.txt");
        let (_, cases) =
            run_own(command.arg("--test").env(REPORT_VARIABLE, &report), &self.results)?;
        if !cases.iter().any(|case| case.allocs.is_some_and(|allocs| allocs > COUNTED)) {
            return Err(Failure::new("the counted loop was not counted"));
        }
        let text = fs::read_to_string(&report);
        timed_allocations(&text.context(|| format!("reading {}", report.display()))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(idle: f64) -> Data {
        let mut data = Data { divan_version: "1".to_owned(), series: Vec::new() };
        for round in 0..9 {
            // The machine drifts; what is added stays.
            let bare = 6.0 + 0.5 * f64::from(round);
            for (allocator, added) in [
                (Allocator::System, 0.0),
                (Allocator::Idle, idle),
                (Allocator::Counting, 30.0),
                (Allocator::Divan, 2.0),
            ] {
                data.add(allocator, Timed { size: 16, threads: 1, ns: bare + added });
            }
        }
        data
    }

    #[test]
    fn what_is_added_is_compared_within_a_repetition() {
        let data = data(0.5);
        let exactly = |at| Some(Middle { at, low: at, high: at });
        assert_eq!(data.added(Allocator::Counting, 16, 1), exactly(30.0));
        assert_eq!(data.added_ratio(Allocator::Idle, 16, 1), exactly(0.25));
        assert_eq!(data.claims()[0].verdict(), "met");
        assert_eq!(data.claims()[0].cells()[3], "0.25 to 0.25 x");
        assert_eq!(data.claims()[1].cells()[2], "15 x");
    }

    #[test]
    fn dearer_is_a_miss_and_nothing_is_no_divisor() {
        assert_eq!(data(3.0).claims()[0].verdict(), "missed by 50 %");
        assert_eq!(data(0.0).added_ratio(Allocator::Idle, 256, 1), None);
        let mut free = data(0.0);
        free.series.retain(|series| series.allocator != Allocator::Divan);
        for series in free.series.clone() {
            if series.allocator == Allocator::System {
                free.series.push(Series { allocator: Allocator::Divan, ..series });
            }
        }
        assert_eq!(free.claims()[0].verdict(), "not measured");
    }
}
