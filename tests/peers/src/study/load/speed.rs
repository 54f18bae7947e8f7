//! What a request costs the generator.

use serde::{Deserialize, Serialize};

use super::server::Nginx;
use super::tools::{Spent, Tool, build_own, closed};
use crate::failure::Result;
use crate::figures::{median, ratio};
use crate::ground::empty_folder;
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

const CONNECTIONS: usize = 64;

/// Interleaved runs of the generators against one server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Speed {
    versions: Vec<(Tool, String)>,
    seconds: usize,
    runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    tool: Tool,
    round: usize,
    #[serde(flatten)]
    spent: Spent,
}

impl Findings for Speed {
    const NAME: &'static str = "load-speed";
    const TITLE: &'static str = "What a request costs";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let rounds = conditions.effort.repetitions(16, 1);
        let seconds = if conditions.effort.is_quick() { 1 } else { 4 };
        let own = build_own(conditions.ground)?;
        let results = conditions.ground.work.join("load-results");
        empty_folder(&results)?;
        let server = Nginx::start(conditions.ground)?;
        let versions = Tool::installed();
        let tools: Vec<Tool> = versions.iter().map(|(tool, _)| *tool).collect();
        let mut progress = Progress::new(Self::NAME, rounds * tools.len());
        let mut data = Self { versions, seconds, runs: Vec::new() };
        for round in 0..rounds {
            for tool in conditions.chance.shuffled(&tools) {
                let spent = closed(tool, &own, &results, &server.address, CONNECTIONS, seconds)?;
                let each = spent.requests / spent.cpu_seconds;
                progress.step(&format!("{} {each:.0} requests a CPU second", tool.name()));
                data.runs.push(Run { tool, round, spent });
            }
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let against = |peer: Tool, target: f64| {
            let ratios = self.ratios(peer);
            let what = format!(
                "CPU time of the generator a request, bench-sdk / {}, HTTP/1.1 kept alive, \
                 {CONNECTIONS} connections",
                peer.name()
            );
            Claim::at_most(what, target, median(&ratios), " x").spread(ratios)
        };
        // 0.9 of wrk's requests a CPU second, and 1.2 of oha's.
        vec![against(Tool::Wrk, 1.0 / 0.9), against(Tool::Oha, 1.0 / 1.2)]
    }

    fn text(&self) -> String {
        let mut table = Table::new(&["generator", "requests a CPU second", "P50", "P99"]);
        for (tool, version) in &self.versions {
            let of = |get: &dyn Fn(&Spent) -> Option<f64>| -> Vec<f64> {
                let own = self.runs.iter().filter(|run| run.tool == *tool);
                own.filter_map(|run| get(&run.spent)).collect()
            };
            let shown = |values: Vec<f64>, unit: &str| {
                median(&values).map_or_else(|| "-".to_owned(), |m| format!("{}{unit}", figure(m)))
            };
            table.row(vec![
                format!("{} ({version})", tool.name()),
                shown(of(&|spent| ratio(spent.requests, spent.cpu_seconds)), ""),
                shown(of(&|spent| spent.p50_ms), " ms"),
                shown(of(&|spent| spent.p99_ms), " ms"),
            ]);
        }
        format!(
            "nginx, pinned to one core, answers 200 with three bytes; each generator in turn, in \
             random order, runs {} s on the other core with {CONNECTIONS} connections and one \
             thread, as fast as it goes. CPU time is user and system time of the whole process, \
             starting and reporting included. Medians of the runs.\n\n{table}",
            self.seconds
        )
    }
}

impl Speed {
    /// Of each round: CPU time a request, ours over that of a peer.
    fn ratios(&self, peer: Tool) -> Vec<f64> {
        let each = |tool: Tool, round: usize| {
            let run = self.runs.iter().find(|run| run.tool == tool && run.round == round)?;
            ratio(run.spent.cpu_seconds, run.spent.requests)
        };
        let rounds = self.runs.iter().map(|run| run.round).max().map_or(0, |last| last + 1);
        let of = |round| ratio(each(Tool::Own, round)?, each(peer, round)?);
        (0..rounds).filter_map(of).collect()
    }
}
