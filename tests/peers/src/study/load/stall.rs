//! Whether a target that stalls is seen to stall.

use serde::{Deserialize, Serialize};

use super::server::{EVERY, STALL, stalling};
use super::tools::{Generators, Tool, oha_on_time};
use crate::failure::Result;
use crate::figures::{median, ratio};
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

const RATE: f64 = 200.0;

/// Percentiles of a server that stalls one second in ten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stalls {
    versions: Vec<(Tool, String)>,
    seconds: usize,
    runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    tool: Tool,
    /// Requests begin when they are due, not when the one before has ended.
    open: bool,
    p95_ms: Option<f64>,
    p99_ms: Option<f64>,
}

impl Findings for Stalls {
    const NAME: &'static str = "load-stall";
    const TITLE: &'static str = "A target that stalls";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let quick = conditions.effort.is_quick();
        let repetitions = conditions.effort.repetitions(3, 1);
        let seconds = if quick { 10 } else { 20 };
        let generators = Generators::ready(conditions.ground)?;
        let address = stalling()?;
        let mut kinds: Vec<(Tool, bool)> =
            generators.tools().into_iter().map(|tool| (tool, tool == Tool::Own)).collect();
        if generators.tools().contains(&Tool::Oha) {
            kinds.push((Tool::Oha, true));
        }
        let mut progress = Progress::new(Self::NAME, repetitions * kinds.len());
        let mut data = Self { versions: generators.versions.clone(), seconds, runs: Vec::new() };
        for _ in 0..repetitions {
            for (tool, open) in conditions.chance.shuffled(&kinds) {
                data.runs.push(match (tool, open) {
                    (Tool::Own, _) => own(&generators, &address, seconds)?,
                    (_, true) => {
                        let spent = oha_on_time(&address, RATE, seconds)?;
                        Run { tool, open, p95_ms: spent.p95_ms, p99_ms: spent.p99_ms }
                    }
                    (_, false) => {
                        let spent = generators.closed(tool, &address, 16, seconds)?;
                        Run { tool, open, p95_ms: spent.p95_ms, p99_ms: spent.p99_ms }
                    }
                });
                progress.step(tool.name());
            }
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let off = |q: f64, get: &dyn Fn(&Run) -> Option<f64>| {
            let own = self.runs.iter().filter(|run| run.tool == Tool::Own).filter_map(get);
            let expected = expected_ms(q);
            let away: Vec<f64> =
                own.filter_map(|found| ratio((found - expected).abs() * 100.0, expected)).collect();
            let what = format!("P{} of response, away from the analytic answer", q * 100.0);
            Claim::at_most(what, 5.0, median(&away), " %").spread(away)
        };
        vec![off(0.95, &|run| run.p95_ms), off(0.99, &|run| run.p99_ms)]
    }

    fn text(&self) -> String {
        let mut table = Table::new(&["generator", "load", "P95", "P99"]);
        let (p95, p99) = (shown(Some(expected_ms(0.95))), shown(Some(expected_ms(0.99))));
        table.row(vec!["analytic answer".to_owned(), String::new(), p95, p99]);
        for (tool, version) in &self.versions {
            for open in [true, false] {
                let of = |get: &dyn Fn(&Run) -> Option<f64>| -> Vec<f64> {
                    let own = self.runs.iter().filter(|run| run.tool == *tool && run.open == open);
                    own.filter_map(get).collect()
                };
                let (p95, p99) = (of(&|run| run.p95_ms), of(&|run| run.p99_ms));
                if !p99.is_empty() {
                    table.row(vec![
                        format!("{} ({version})", tool.name()),
                        if open { format!("{RATE} a second") } else { "16 users".to_owned() },
                        shown(median(&p95)),
                        shown(median(&p99)),
                    ]);
                }
            }
        }
        format!(
            "The server answers at once, but stalls for the first second of every ten. Whoever \
             comes at any time during a stall waits for its end, so one response in ten is spread \
             evenly over that second. Open load is {RATE} a second for {} s: our `response` counts \
             from the planned start, oha was given `--latency-correction`. With 16 users, the \
             habit of closed generators, those wait together with the server, and the stall is a \
             few requests among very many.\n\n{table}",
            self.seconds
        )
    }
}

fn own(generators: &Generators, address: &str, seconds: usize) -> Result<Run> {
    let (record, _) = generators.own(&format!(
        "load {address} --rate {RATE} --duration {seconds}s --max-vus 400 \
         --pre-allocated-vus 400 --threads 1"
    ))?;
    let trend = &record["metrics"]["response"]["trend"];
    let at = |name: &str| trend[name].as_f64().map(|ns| ns / 1e6);
    Ok(Run { tool: Tool::Own, open: true, p95_ms: at("p95"), p99_ms: at("p99") })
}

/// The percentile of response: a share of the arrivals as long as the stall waits for up to a stall.
fn expected_ms(q: f64) -> f64 {
    let share = STALL.as_secs_f64() / EVERY.as_secs_f64();
    ((q - (1.0 - share)) / share * STALL.as_secs_f64() * 1e3).max(0.0)
}

fn shown(ms: Option<f64>) -> String {
    ms.map_or_else(|| "-".to_owned(), |ms| format!("{} ms", figure(ms)))
}
