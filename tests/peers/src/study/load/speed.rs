//! What a request costs the generator.

use serde::{Deserialize, Serialize};

use super::server::{Kind, Server};
use super::timed::Spent;
use super::tools::{Generators, Tool};
use crate::failure::Result;
use crate::figures::{median, ratio};
use crate::progress::Progress;
use crate::report::{Claim, Table, figure};
use crate::study::{Conditions, Findings};

const CONNECTIONS: usize = 64;

/// Interleaved runs of the generators against two servers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Speed {
    versions: Vec<(Tool, String)>,
    seconds: usize,
    runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    server: Kind,
    tool: Tool,
    round: usize,
    #[serde(flatten)]
    spent: Spent,
}

impl Findings for Speed {
    const NAME: &'static str = "load-speed";
    const TITLE: &'static str = "What a request costs";

    fn measure(conditions: &mut Conditions<'_>) -> Result<Self> {
        let rounds = conditions.effort.repetitions(12, 1);
        let seconds = if conditions.effort.is_quick() { 1 } else { 4 };
        let generators = Generators::ready(conditions.ground)?;
        let servers = [
            Server::start(Kind::Nginx, conditions.ground)?,
            Server::start(Kind::Hyper, conditions.ground)?,
        ];
        let tools = generators.tools();
        let versions = generators.versions.clone();
        let mut progress = Progress::new(Self::NAME, rounds * tools.len() * servers.len());
        let mut data = Self { versions, seconds, runs: Vec::new() };
        for round in 0..rounds {
            for server in &servers {
                for tool in conditions.chance.shuffled(&tools) {
                    let spent = generators.closed(tool, &server.address, CONNECTIONS, seconds)?;
                    let each = spent.requests / spent.cpu_seconds;
                    progress.step(&format!("{} {each:.0} requests a CPU second", tool.name()));
                    data.runs.push(Run { server: server.kind, tool, round, spent });
                }
            }
        }
        Ok(data)
    }

    fn claims(&self) -> Vec<Claim> {
        let against = |peer: Tool, server: Kind, target: f64| {
            let ratios = self.ratios(peer, server);
            let what = format!(
                "CPU time of the generator a request, bench-sdk / {}, against {}",
                peer.name(),
                server.name()
            );
            Claim::at_most(what, target, median(&ratios), " x").spread(ratios)
        };
        // 0.9 of wrk's requests a CPU second, and 1.2 of oha's.
        let both = [Kind::Nginx, Kind::Hyper];
        both.into_iter()
            .flat_map(|server| {
                [against(Tool::Wrk, server, 1.0 / 0.9), against(Tool::Oha, server, 1.0 / 1.2)]
            })
            .collect()
    }

    fn text(&self) -> String {
        let mut table =
            Table::new(&["server", "generator", "requests a CPU second", "a second", "P50", "P99"]);
        for server in [Kind::Nginx, Kind::Hyper] {
            for (tool, version) in &self.versions {
                let of = |get: &dyn Fn(&Spent) -> Option<f64>| -> Vec<f64> {
                    let own = self.runs.iter();
                    let own = own.filter(|run| run.tool == *tool && run.server == server);
                    own.filter_map(|run| get(&run.spent)).collect()
                };
                let shown = |values: Vec<f64>, unit: &str| {
                    median(&values)
                        .map_or_else(|| "-".to_owned(), |m| format!("{}{unit}", figure(m)))
                };
                table.row(vec![
                    server.name().to_owned(),
                    format!("{} ({version})", tool.name()),
                    shown(of(&|spent| ratio(spent.requests, spent.cpu_seconds)), ""),
                    shown(of(&|spent| ratio(spent.requests, self.seconds as f64)), ""),
                    shown(of(&|spent| spent.p50_ms), " ms"),
                    shown(of(&|spent| spent.p99_ms), " ms"),
                ]);
            }
        }
        format!(
            "A server, pinned to one core, answers 200 with three bytes: nginx, and the least that \
             hyper needs. Each generator in turn, in random order, runs {} s on the other core \
             with {CONNECTIONS} connections, kept alive, and one thread, as fast as it goes. CPU \
             time is user and system time of the whole process, starting and reporting included. \
             Medians of the runs.\n\n{table}",
            self.seconds
        )
    }
}

impl Speed {
    /// Of each round: CPU time a request, ours over that of a peer.
    fn ratios(&self, peer: Tool, server: Kind) -> Vec<f64> {
        let each = |tool: Tool, round: usize| {
            let is_it = |run: &&Run| (run.tool, run.server, run.round) == (tool, server, round);
            let run = self.runs.iter().find(is_it)?;
            ratio(run.spent.cpu_seconds, run.spent.requests)
        };
        let rounds = self.runs.iter().map(|run| run.round).max().map_or(0, |last| last + 1);
        let of = |round| ratio(each(Tool::Own, round)?, each(peer, round)?);
        (0..rounds).filter_map(of).collect()
    }
}
