//! Memory of virtual users, and over time.

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
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Busy {
    tool: Tool,
    users: usize,
    #[serde(flatten)]
    spent: Spent,
}

impl Findings for Course {
    const NAME: &'static str = "load-course";
    const TITLE: &'static str = "Memory";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let quick = conditions.effort.is_quick();
        let repetitions = conditions.effort.repetitions(3, 1);
        let long = if quick { 5 } else { 600 };
        let generators = Generators::ready(conditions.ground)?;
        let tools = generators.tools();
        let server = Server::start(Kind::Nginx, conditions.ground)?;
        let address = server.address.as_str();
        let steps = USERS.len() * (1 + repetitions * tools.len()) + 1;
        let mut progress = Progress::new(Self::NAME, steps);
        let mut data = Self {
            versions: generators.versions.clone(),
            idle: Vec::new(),
            busy: Vec::new(),
            memory: Vec::new(),
            requests: 0.0,
        };
        for users in USERS {
            let (_, spent) = generators.own(&format!(
                "load {address} --rate 1 --duration 3s --max-vus {users} \
                 --pre-allocated-vus {users} --threads 1"
            ))?;
            data.idle.push((users, spent.peak_rss));
            progress.step(&format!("{users} virtual users wait"));
            for _ in 0..repetitions {
                for tool in conditions.chance.shuffled(&tools) {
                    let spent = generators.closed(tool, address, users, 4)?;
                    data.busy.push(Busy { tool, users, spent });
                    progress.step(&format!("{users} virtual users of {}", tool.name()));
                }
            }
        }
        let (run, _) = generators
            .own(&format!("load {address} --concurrency 64 --duration {long}s --threads 1"))?;
        data.requests = run["metrics"]["http_reqs"]["value"].as_f64().unwrap_or(0.0);
        data.memory = memory_of(&run);
        progress.step(&format!("{long} s at full rate"));
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![
            Claim::at_most("memory of an idle virtual user", 8.0, self.each_idle(), " KiB"),
            Claim::at_most("memory at full rate, end over start", 5.0, self.growth(), " %"),
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
        format!(
            "Greatest resident memory of the whole process, on one thread. Those that wait do so \
             for their first arrival; those at work are as many connections to nginx on the other \
             core, as fast as they go, medians of the runs.\n\n{table}\nMemory over time is \
             that of {} requests in {} s of 64 connections at full rate: the mean of the last \
             tenth over that of the first tenth after 10 s.",
            figure(self.requests),
            figure(last)
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

fn memory_of(record: &Value) -> Vec<(f64, f64)> {
    let ticks = record["timeline"].as_array().into_iter().flatten();
    ticks
        .filter_map(|tick| Some((tick["at_ns"].as_f64()? / 1e9, tick["generator_rss"].as_f64()?)))
        .collect()
}
