//! Memory of virtual users and over time, and arrivals on time.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::server::Nginx;
use super::tools::{Tool, build_own, closed, own_record};
use crate::failure::Result;
use crate::figures::{median, ratio};
use crate::ground::empty_folder;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

const FEW: usize = 100;
const MANY: usize = 10_000;

/// Figures of our own load tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Course {
    /// Greatest resident memory by number of virtual users, idle and busy.
    idle: Vec<(usize, f64)>,
    busy: Vec<(usize, f64)>,
    /// At full rate: seconds since the start, and resident memory.
    memory: Vec<(f64, f64)>,
    requests: f64,
    arrivals: Vec<Arrivals>,
}

/// An open run at half of the rate that closed load reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Arrivals {
    rate: f64,
    planned: f64,
    made: f64,
    lateness_p99_ms: Option<f64>,
    cpu_share: Option<f64>,
}

impl Findings for Course {
    const NAME: &'static str = "load-course";
    const TITLE: &'static str = "Memory, and arrivals on time";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let quick = conditions.effort.is_quick();
        let repetitions = conditions.effort.repetitions(5, 1);
        let long = if quick { 5 } else { 600 };
        let own = build_own(conditions.ground)?;
        let results = conditions.ground.work.join("load-results");
        empty_folder(&results)?;
        let server = Nginx::start(conditions.ground)?;
        let mut progress = Progress::new(Self::NAME, 7 + repetitions);
        let record = |arguments: &[&str]| own_record(&own, &results, arguments).map(|run| run.0);
        let address = server.address.as_str();
        let mut data = Self {
            idle: Vec::new(),
            busy: Vec::new(),
            memory: Vec::new(),
            requests: 0.0,
            arrivals: Vec::new(),
        };
        for users in [FEW, 1000, MANY] {
            let many = users.to_string();
            let idle = record(&[
                "load",
                address,
                "--rate",
                "1",
                "--duration",
                "3s",
                "--max-vus",
                &many,
                "--pre-allocated-vus",
                &many,
                "--threads",
                "1",
            ])?;
            data.idle.push((users, peak_of(&idle)));
            let busy = record(&[
                "load",
                address,
                "--concurrency",
                &many,
                "--duration",
                "5s",
                "--threads",
                "1",
            ])?;
            data.busy.push((users, peak_of(&busy)));
            progress.step(&format!("{users} virtual users"));
        }
        let fast = closed(Tool::Own, &own, &results, address, 64, 3)?;
        let rate = (fast.requests / 3.0 / 2.0).floor();
        for _ in 0..repetitions {
            let run = record(&[
                "load",
                address,
                "--rate",
                &rate.to_string(),
                "--duration",
                "5s",
                "--max-vus",
                "256",
                "--pre-allocated-vus",
                "64",
                "--threads",
                "1",
            ])?;
            data.arrivals.push(arrivals_of(&run, rate));
            progress.step(&format!("{rate} arrivals a second"));
        }
        let time = format!("{long}s");
        let run = record(&[
            "load",
            address,
            "--concurrency",
            "64",
            "--duration",
            &time,
            "--threads",
            "1",
        ])?;
        data.requests = run["metrics"]["http_reqs"]["value"].as_f64().unwrap_or(0.0);
        data.memory = memory_of(&run);
        progress.step(&format!("{long} s at full rate"));
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let made: Vec<f64> = self
            .arrivals
            .iter()
            .filter_map(|run| ratio((run.made - run.planned).abs() * 100.0, run.planned))
            .collect();
        let late: Vec<f64> = self.arrivals.iter().filter_map(|run| run.lateness_p99_ms).collect();
        vec![
            Claim::at_most("memory of an idle virtual user", 8.0, self.each_idle(), " KiB"),
            Claim::at_most("memory at full rate, end over start", 5.0, self.growth(), " %"),
            Claim::at_most("arrivals made / planned, away from 1", 0.1, median(&made), " %")
                .spread(made),
            Claim::at_most("P99 lateness at half load", 1.0, median(&late), " ms").spread(late),
        ]
    }

    fn text(&self) -> String {
        let mut table = Table::new(&["virtual users", "idle", "busy"]);
        for ((users, idle), (_, busy)) in self.idle.iter().zip(&self.busy) {
            let shown = |bytes: &f64| format!("{} MiB", figure(bytes / 1_048_576.0));
            table.row(vec![users.to_string(), shown(idle), shown(busy)]);
        }
        let last = self.memory.last().map_or(0.0, |(at, _)| *at);
        let rate = self.arrivals.first().map_or(0.0, |run| run.rate);
        format!(
            "Greatest resident memory of the whole process, on one thread. Idle ones wait for \
             their first arrival; busy ones are as many connections to nginx on the other core, \
             as fast as they go.\n\n{table}\nMemory over time is that of {} requests in {} s of 64 \
             connections at full rate: the mean of the last tenth over that of the first tenth \
             after 10 s. Arrivals are {} a second, half of what 64 connections reach.",
            figure(self.requests),
            figure(last),
            figure(rate)
        )
    }
}

impl Course {
    /// KiB that each further idle one takes.
    fn each_idle(&self) -> Option<f64> {
        let at = |users| self.idle.iter().find(|(of, _)| *of == users).map(|(_, peak)| *peak);
        Some((at(MANY)? - at(FEW)?) / (MANY - FEW) as f64 / 1024.0)
    }

    /// By how many percent memory has grown; nothing is said of shrinking.
    fn growth(&self) -> Option<f64> {
        let settled: Vec<f64> =
            self.memory.iter().filter(|(at, _)| *at > 10.0).map(|(_, rss)| *rss).collect();
        let tenth = settled.len() / 10;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (first, last) = (settled.get(..tenth)?, settled.get(settled.len() - tenth..)?);
        let grown = (tenth > 0).then(|| ratio(mean(last), mean(first)))??;
        Some(((grown - 1.0) * 100.0).max(0.0))
    }
}

fn peak_of(record: &Value) -> f64 {
    record["generator"]["peak_rss"].as_f64().unwrap_or(0.0)
}

fn memory_of(record: &Value) -> Vec<(f64, f64)> {
    let ticks = record["timeline"].as_array().into_iter().flatten();
    ticks
        .filter_map(|tick| Some((tick["at_ns"].as_f64()? / 1e9, tick["generator_rss"].as_f64()?)))
        .collect()
}

fn arrivals_of(record: &Value, rate: f64) -> Arrivals {
    let scenario = &record["scenarios"][0];
    let count = |name: &str| scenario[name].as_f64().unwrap_or(0.0);
    Arrivals {
        rate,
        planned: count("planned"),
        made: count("full") + count("interrupted"),
        lateness_p99_ms: record["metrics"]["lateness"]["trend"]["p99"].as_f64().map(|ns| ns / 1e6),
        cpu_share: record["generator"]["cpu_share"].as_f64(),
    }
}
