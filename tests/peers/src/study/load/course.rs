//! Memory of virtual users and over time, and arrivals on time.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::server::{Kind, Server};
use super::timed::Spent;
use super::tools::{Generators, Tool};
use crate::failure::Result;
use crate::figures::{median, ratio};
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

const FEW: usize = 100;
const MANY: usize = 10_000;
const USERS: [usize; 3] = [FEW, 1000, MANY];

/// Figures of our own load tests, and the memory of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Course {
    versions: Vec<(Tool, String)>,
    /// Greatest resident memory by number of virtual users that wait, of ours.
    idle: Vec<(usize, f64)>,
    /// The same of users at work.
    busy: Vec<Busy>,
    /// At full rate: seconds since the start, and resident memory.
    memory: Vec<(f64, f64)>,
    requests: f64,
    arrivals: Vec<Arrivals>,
    /// After each of those: how late a thread wakes up that does nothing but sleep.
    machine_late_p99_ms: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Busy {
    tool: Tool,
    users: usize,
    #[serde(flatten)]
    spent: Spent,
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
        let generators = Generators::ready(conditions.ground)?;
        let tools = generators.tools();
        let server = Server::start(Kind::Nginx, conditions.ground)?;
        let address = server.address.as_str();
        let steps = USERS.len() * (1 + repetitions.min(3) * tools.len()) + 1 + repetitions;
        let mut progress = Progress::new(Self::NAME, steps);
        let record = |arguments: String| generators.own(&arguments).map(|run| run.0);
        let mut data = Self {
            versions: generators.versions.clone(),
            idle: Vec::new(),
            busy: Vec::new(),
            memory: Vec::new(),
            requests: 0.0,
            arrivals: Vec::new(),
            machine_late_p99_ms: Vec::new(),
        };
        for users in USERS {
            let (_, spent) = generators.own(&format!(
                "load {address} --rate 1 --duration 3s --max-vus {users} \
                 --pre-allocated-vus {users} --threads 1"
            ))?;
            data.idle.push((users, spent.peak_rss));
            progress.step(&format!("{users} virtual users wait"));
            for _ in 0..repetitions.min(3) {
                for tool in conditions.chance.shuffled(&tools) {
                    let spent = generators.closed(tool, address, users, 4)?;
                    data.busy.push(Busy { tool, users, spent });
                    progress.step(&format!("{users} virtual users of {}", tool.name()));
                }
            }
        }
        let fast = generators.closed(Tool::Own, address, 64, 3)?;
        let rate = (fast.requests / 3.0 / 2.0).floor();
        for _ in 0..repetitions {
            let run = record(format!(
                "load {address} --rate {rate} --duration 5s --max-vus 2048 \
                 --pre-allocated-vus 64 --threads 1"
            ))?;
            data.arrivals.push(arrivals_of(&run, rate));
            data.machine_late_p99_ms.extend(machine_late_p99_ms());
            progress.step(&format!("{rate} arrivals a second"));
        }
        let run =
            record(format!("load {address} --concurrency 64 --duration {long}s --threads 1"))?;
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
        let shown = |bytes: Option<f64>| {
            bytes.map_or_else(
                || "-".to_owned(),
                |bytes| format!("{} MiB", figure(bytes / 1_048_576.0)),
            )
        };
        let mut heads = vec!["virtual users".to_owned(), "bench-sdk, waiting".to_owned()];
        heads.extend(self.versions.iter().map(|(tool, _)| format!("{}, at work", tool.name())));
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let mut table = Table::new(&heads);
        for (users, idle) in &self.idle {
            let mut row = vec![users.to_string(), shown(Some(*idle))];
            for (tool, _) in &self.versions {
                let of = self.busy.iter().filter(|run| run.tool == *tool && run.users == *users);
                row.push(shown(median(&of.map(|run| run.spent.peak_rss).collect::<Vec<_>>())));
            }
            table.row(row);
        }
        let last = self.memory.last().map_or(0.0, |(at, _)| *at);
        let rate = self.arrivals.first().map_or(0.0, |run| run.rate);
        format!(
            "Greatest resident memory of the whole process, on one thread. Those that wait do so \
             for their first arrival; those at work are as many connections to nginx on the other \
             core, as fast as they go, medians of the runs.\n\n{table}\nMemory over time is \
             that of {} requests in {} s of 64 connections at full rate: the mean of the last \
             tenth over that of the first tenth after 10 s.\n\nArrivals are {} a second, half of \
             what 64 connections reach, with at most 2048 virtual users. The machine takes its \
             processors away at times: a thread that only sleeps, 0.2 ms at a time, right after \
             each of these runs, woke up {} ms late or later in 1 % of the cases (median of the \
             runs).",
            figure(self.requests),
            figure(last),
            figure(rate),
            median(&self.machine_late_p99_ms).map_or_else(|| "-".to_owned(), figure)
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
