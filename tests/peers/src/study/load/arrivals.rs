//! Arrivals on time.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::server::{Kind, Server};
use super::tools::{Generators, Tool};
use crate::failure::Result;
use crate::figures::{median, ratio};
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

/// What the rate that closed load reaches is divided by.
const PARTS: [u32; 3] = [8, 4, 2];
const HALF: u32 = 2;

/// Open load, beside the lateness of a thread that only sleeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OnTime {
    seconds: usize,
    /// Requests a second that 64 connections reach.
    closed_rate: f64,
    runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    /// The rate is this part of what closed load reaches.
    part: u32,
    rate: f64,
    planned: f64,
    made: f64,
    lateness_p50_ms: Option<f64>,
    lateness_p99_ms: Option<f64>,
    cpu_share: Option<f64>,
    /// Right after it.
    machine_late_p99_ms: Option<f64>,
}

impl Findings for OnTime {
    const NAME: &'static str = "load-arrivals";
    const TITLE: &'static str = "Arrivals on time";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let rounds = conditions.effort.repetitions(5, 1);
        let seconds = if conditions.effort.is_quick() { 1 } else { 10 };
        let generators = Generators::ready(conditions.ground)?;
        let server = Server::start(Kind::Nginx, conditions.ground)?;
        let address = server.address.as_str();
        let closed = generators.closed(Tool::Own, address, 64, 3)?;
        let closed_rate = closed.requests / 3.0;
        let mut progress = Progress::new(Self::NAME, rounds * PARTS.len());
        let mut data = Self { seconds, closed_rate, runs: Vec::new() };
        for _ in 0..rounds {
            for part in conditions.chance.shuffled(&PARTS) {
                let rate = (closed_rate / f64::from(part)).floor();
                let (record, _) = generators.own(&format!(
                    "load {address} --rate {rate} --duration {seconds}s --max-vus 2048 \
                     --pre-allocated-vus 256 --threads 1"
                ))?;
                data.runs.push(run_of(&record, part, rate));
                progress.step(&format!("{rate} arrivals a second"));
            }
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let half = || self.runs.iter().filter(|run| run.part == HALF);
        let away: Vec<f64> = half().filter_map(away_percent).collect();
        let late: Vec<f64> = half().filter_map(|run| run.lateness_p99_ms).collect();
        vec![
            Claim::at_most("arrivals made / planned, away from 1", 0.1, median(&away), " %")
                .spread(away),
            Claim::at_most("P99 lateness at half load", 1.0, median(&late), " ms").spread(late),
        ]
    }

    fn text(&self) -> String {
        let mut table = Table::new(&[
            "arrivals a second",
            "not made",
            "P50 lateness",
            "P99 lateness",
            "processor",
            "P99 lateness of sleeping",
        ]);
        for part in PARTS {
            let of = |get: &dyn Fn(&Run) -> Option<f64>, unit: &str| {
                let own = self.runs.iter().filter(|run| run.part == part);
                let values: Vec<f64> = own.filter_map(get).collect();
                median(&values).map_or_else(|| "-".to_owned(), |m| format!("{}{unit}", figure(m)))
            };
            table.row(vec![
                of(&|run| Some(run.rate), ""),
                of(&away_percent, " %"),
                of(&|run| run.lateness_p50_ms, " ms"),
                of(&|run| run.lateness_p99_ms, " ms"),
                of(&|run| run.cpu_share.map(|share| share * 100.0), " %"),
                of(&|run| run.machine_late_p99_ms, " ms"),
            ]);
        }
        format!(
            "Open load of {} s on one thread: an eighth, a quarter and half of the {} requests a \
             second that 64 connections reach, with at most 2048 virtual users. The machine takes \
             its processors away at times: right after each run a thread did nothing but sleep \
             0.2 ms, 4000 times. Medians of the runs.\n\n{table}",
            self.seconds,
            figure(self.closed_rate)
        )
    }
}

/// By how many percent fewer arrivals were made than planned.
fn away_percent(run: &Run) -> Option<f64> {
    ratio((run.made - run.planned).abs() * 100.0, run.planned)
}

/// How late a thread wakes up that does nothing else, for a second.
fn machine_late_p99_ms() -> Option<f64> {
    const NAP: Duration = Duration::from_micros(200);
    let mut late: Vec<f64> = (0..4000)
        .map(|_| {
            let started = Instant::now();
            sleep(NAP);
            started.elapsed().saturating_sub(NAP).as_secs_f64() * 1e3
        })
        .collect();
    late.sort_unstable_by(f64::total_cmp);
    late.get(late.len() * 99 / 100).copied()
}

fn run_of(record: &Value, part: u32, rate: f64) -> Run {
    let scenario = &record["scenarios"][0];
    let count = |name: &str| scenario[name].as_f64().unwrap_or(0.0);
    let lateness = &record["metrics"]["lateness"]["trend"];
    let at = |name: &str| lateness[name].as_f64().map(|ns| ns / 1e6);
    Run {
        part,
        rate,
        planned: count("planned"),
        made: count("full") + count("interrupted"),
        lateness_p50_ms: at("med"),
        lateness_p99_ms: at("p99"),
        cpu_share: record["generator"]["cpu_share"].as_f64(),
        machine_late_p99_ms: machine_late_p99_ms(),
    }
}
