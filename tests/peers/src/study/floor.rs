//! The smallest figures: nothing at all, and work of which the amount is known.

use serde::{Deserialize, Serialize};

use super::tools::run_own;
use super::{Conditions, Findings};
use crate::failure::{Context, Result};
use crate::figures::{Line, median, proportional, straight};
use crate::fixture::contest;
use crate::ground::empty_folder;
use crate::parse::OwnCase;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};

/// Largest distance from the line, in per cent.
const LINEAR_PERCENT: f64 = 1.0;

/// Whole runs of the two benchmarks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    noop_ns: f64,
    noop_at_floor: bool,
    /// Multiplications, and nanoseconds for all of them.
    chain: Vec<(f64, f64)>,
}

impl Findings for Data {
    const NAME: &'static str = "floor";
    const TITLE: &'static str = "Nothing, and known amounts of work";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let repetitions = conditions.effort.repetitions(5, 1);
        let mut progress = Progress::new(Self::NAME, repetitions + 1);
        let package = contest(conditions.ground)?;
        let executable = package.bench_executable("floor", &[])?;
        progress.step("built");
        let results = conditions.ground.work.join("results/floor");
        let mut runs = Vec::new();
        for _ in 0..repetitions {
            empty_folder(&results)?;
            let (seconds, cases) = run_own(package.start(&executable).arg("--bench"), &results)?;
            runs.push(Run::of(&cases)?);
            progress.step(&format!("{seconds:.1} s"));
        }
        Ok(Self { runs })
    }

    fn claims(&self) -> Vec<Claim> {
        let at_floor = self.runs.iter().filter(|run| run.noop_at_floor).count();
        let all = self.runs.len();
        let miss = (at_floor < all).then(|| format!("{} runs took it for work", all - at_floor));
        let percents = |fit: fn(&[(f64, f64)]) -> Option<Line>| -> Vec<f64> {
            self.runs
                .iter()
                .filter_map(|run| fit(&run.chain))
                .map(|l| l.deviation * 100.0)
                .collect()
        };
        let (exact, shifted) = (percents(proportional), percents(straight));
        let what = "N dependent multiplications, largest distance from c N";
        let with = "the same from a + c N";
        vec![
            Claim::holds(
                "a no-op is reported \"at the floor\"",
                format!("{all} of {all} runs"),
                format!("{at_floor} of {all}"),
                miss,
            ),
            Claim::at_most(what, LINEAR_PERCENT, median(&exact), " %").spread(exact),
            Claim::told(with, format!("{} %", figure(median(&shifted).unwrap_or_default())), " %")
                .spread(shifted),
        ]
    }

    fn text(&self) -> String {
        let mut table =
            Table::new(&["run", "no-op", "chain: N, ns, distance from c N", "c", "a + c N"]);
        for (number, run) in self.runs.iter().enumerate() {
            let line = proportional(&run.chain);
            let points = run.chain.iter().map(|(times, ns)| {
                let away = line.map_or(0.0, |line| ns / (line.slope * times) - 1.0);
                format!("{times}: {ns:.1} ({:+.2} %)", away * 100.0)
            });
            let shifted = straight(&run.chain);
            table.row(vec![
                (number + 1).to_string(),
                format!(
                    "{} ns{}",
                    figure(run.noop_ns),
                    if run.noop_at_floor { ", at the floor" } else { "" }
                ),
                points.collect::<Vec<_>>().join(", "),
                line.map_or_else(String::new, |line| format!("{:.4} ns", line.slope)),
                shifted.map_or_else(String::new, |line| {
                    format!("{} ns + {:.4} ns N", figure(line.intercept), line.slope)
                }),
            ]);
        }
        format!(
            "An empty function, and chains of 1,000 to 16,000 floating-point multiplications of \
             which each needs the one before, from one iteration to the next as well. The line \
             c N is fitted in relative terms; the one with an intercept tells what a call and the \
             start of the chain cost. The target is judged by the median over the runs of the \
             largest distance.\n\n{table}"
        )
    }
}

impl Run {
    fn of(cases: &[OwnCase]) -> Result<Self> {
        let noop = cases.iter().find(|case| case.id.ends_with("::noop"));
        let noop = noop.context(|| "the run has no case `noop`".to_owned())?;
        let mut chain: Vec<(f64, f64)> = cases.iter().filter_map(multiplications).collect();
        chain.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(Self { noop_ns: noop.time.ns, noop_at_floor: noop.at_floor, chain })
    }
}

/// N and the time, for a case `chain[N]`.
fn multiplications(case: &OwnCase) -> Option<(f64, f64)> {
    let number = case.id.split_once("::chain[")?.1.strip_suffix(']')?;
    Some((number.parse().ok()?, case.time.ns))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::parse::Estimate;

    fn case(id: &str, ns: f64, at_floor: bool) -> OwnCase {
        let time = Estimate { ns, low: None, high: None, level: None };
        OwnCase {
            id: id.to_owned(),
            time,
            at_floor,
            allocs: None,
            samples: 0,
            voided: 0,
            timed_ns: 0.0,
            timed_share: None,
        }
    }

    #[test]
    fn cases_become_points_of_a_line() {
        let cases = [
            case("floor::chain[2000]", 2001.0, false),
            case("floor::chain[1000]", 1000.0, false),
            case("floor::noop", 0.1, true),
        ];
        let run = Run::of(&cases).unwrap();
        assert_eq!(run.chain, [(1000.0, 1000.0), (2000.0, 2001.0)]);
        let claims = Data { runs: vec![run] }.claims();
        assert_eq!((claims[0].verdict(), claims[1].verdict()), ("met", "met"));
        assert!(Run::of(&cases[..2]).is_err());
    }
}
