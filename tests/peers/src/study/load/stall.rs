//! Whether a target that stalls is seen to stall.

use serde::{Deserialize, Serialize};

use super::server::{EVERY, STALL, stalling};
use super::tools::{Tool, build_own, closed, own_record};
use crate::failure::Result;
use crate::figures::{median, ratio};
use crate::ground::empty_folder;
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
        let own = build_own(conditions.ground)?;
        let results = conditions.ground.work.join("load-results");
        empty_folder(&results)?;
        let address = stalling()?;
        let versions = Tool::installed();
        let tools: Vec<Tool> = versions.iter().map(|(tool, _)| *tool).collect();
        let mut progress = Progress::new(Self::NAME, repetitions * tools.len());
        let mut data = Self { versions, seconds, runs: Vec::new() };
        for _ in 0..repetitions {
            for tool in conditions.chance.shuffled(&tools) {
                let run = if tool == Tool::Own {
                    let time = format!("{seconds}s");
                    let record = own_record(
                        &own,
                        &results,
                        &[
                            "load",
                            &address,
                            "--rate",
                            &RATE.to_string(),
                            "--duration",
                            &time,
                            "--max-vus",
                            "400",
                            "--pre-allocated-vus",
                            "400",
                            "--threads",
                            "1",
                        ],
                    )?;
                    let at = |name: &str| {
                        let trend = &record.0["metrics"]["response"]["trend"];
                        trend[name].as_f64().map(|ns| ns / 1e6)
                    };
                    Run { tool, p95_ms: at("p95"), p99_ms: at("p99") }
                } else {
                    let spent = closed(tool, &own, &results, &address, 16, seconds)?;
                    Run { tool, p95_ms: None, p99_ms: spent.p99_ms }
                };
                progress.step(tool.name());
                data.runs.push(run);
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
        let mut table = Table::new(&["generator", "P99"]);
        table.row(vec!["analytic answer".to_owned(), shown(Some(expected_ms(0.99)))]);
        for (tool, version) in &self.versions {
            let own = self.runs.iter().filter(|run| run.tool == *tool);
            let p99: Vec<f64> = own.filter_map(|run| run.p99_ms).collect();
            table.row(vec![format!("{} ({version})", tool.name()), shown(median(&p99))]);
        }
        format!(
            "The server answers at once, but stalls for the first second of every ten. Whoever \
             comes at any time during a stall waits for its end, so one response in ten is spread \
             evenly over that second. Ours is open load of {RATE} a second for {} s, and \
             `response` counts from the planned start; wrk and oha keep 16 connections busy, as \
             they do unless told otherwise, and those wait with the server.\n\n{table}",
            self.seconds
        )
    }
}

/// The percentile of response: a share of the arrivals as long as the stall waits for up to a stall.
fn expected_ms(q: f64) -> f64 {
    let share = STALL.as_secs_f64() / EVERY.as_secs_f64();
    ((q - (1.0 - share)) / share * STALL.as_secs_f64() * 1e3).max(0.0)
}

fn shown(ms: Option<f64>) -> String {
    ms.map_or_else(|| "-".to_owned(), |ms| format!("{} ms", figure(ms)))
}
