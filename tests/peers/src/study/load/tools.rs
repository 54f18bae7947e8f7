//! The generators, and what they say.

use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::said::{of_goose, of_oha, of_own, of_wrk};
use super::timed::{Spent, timed};
use crate::failure::{Context, Failure, Result};
use crate::fixture::goose_attack;
use crate::ground::{Ground, empty_folder};

/// A program that puts load on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tool {
    Own,
    Wrk,
    Oha,
    Goose,
}

impl Tool {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Own => "bench-sdk",
            Self::Wrk => "wrk",
            Self::Oha => "oha",
            Self::Goose => "goose",
        }
    }
}

/// The generators that there are, and where ours keeps its results.
#[derive(Clone, Debug)]
pub(super) struct Generators {
    own: String,
    goose: Option<String>,
    results: PathBuf,
    /// What each says of its version.
    pub(super) versions: Vec<(Tool, String)>,
}

impl Generators {
    /// Builds ours and goose, and asks for those that are installed.
    pub(super) fn ready(ground: &Ground) -> Result<Self> {
        let own = ground.command()?.display().to_string();
        let results = ground.work.join("load-results");
        empty_folder(&results)?;
        let mut versions = vec![(Tool::Own, "this version".to_owned())];
        // wrk says its version where it is not used rightly, and ends with 1.
        for (tool, flag) in [(Tool::Wrk, "-v"), (Tool::Oha, "--version")] {
            versions.extend(version(tool.name(), flag).map(|text| (tool, text)));
        }
        let goose = goose_attack(ground).and_then(|package| {
            let version = package.version_of("goose")?;
            Ok((package.binary("goose-attack", &[])?.display().to_string(), version))
        });
        match &goose {
            Ok((_, version)) => versions.push((Tool::Goose, format!("goose {version}"))),
            Err(why) => eprintln!("goose is left out: {why}"),
        }
        Ok(Self { own, goose: goose.ok().map(|(path, _)| path), results, versions })
    }

    pub(super) fn tools(&self) -> Vec<Tool> {
        self.versions.iter().map(|(tool, _)| *tool).collect()
    }

    /// Closed load of so many connections on the first processor.
    pub(super) fn closed(
        &self,
        tool: Tool,
        address: &str,
        connections: usize,
        seconds: usize,
    ) -> Result<Spent> {
        let (users, time) = (connections.to_string(), format!("{seconds}s"));
        let (text, timed) = match tool {
            Tool::Own => {
                let (record, timed) = self.own(&format!(
                    "load {address} --concurrency {users} --duration {time} --threads 1"
                ))?;
                return Ok(timed.with(of_own(&record)));
            }
            Tool::Wrk => timed(&["wrk", "-t1", "--latency", "-c", &users, "-d", &time, address])?,
            Tool::Oha => timed(&[
                "oha",
                "--no-tui",
                "--output-format",
                "json",
                "-c",
                &users,
                "-z",
                &time,
                address,
            ])?,
            Tool::Goose => {
                let goose = self.goose.as_deref().context(|| "goose was not built".to_owned())?;
                let host = address.trim_end_matches('/');
                timed(&[
                    goose,
                    "--host",
                    host,
                    "--users",
                    &users,
                    "--run-time",
                    &time,
                    "--increase-rate",
                    "100000",
                    "--no-reset-metrics",
                    "--no-telnet",
                    "--quiet",
                ])?
            }
        };
        let said = match tool {
            Tool::Goose => of_goose(&text),
            Tool::Oha => of_oha(&text)?,
            _ => of_wrk(&text),
        };
        if said.requests > 0.0 {
            Ok(timed.with(said))
        } else {
            Err(Failure::new(format!("{} made no requests:\n{text}", tool.name())))
        }
    }

    /// The record of one of our own load tests on the first processor, and what it took.
    pub(super) fn own(&self, arguments: &str) -> Result<(Value, Spent)> {
        let variable = format!("HUB_BENCH_DIR={}", self.results.display());
        let mut words = vec!["env", variable.as_str(), self.own.as_str()];
        words.extend(arguments.split(' '));
        words.extend(["--output-format", "json"]);
        let (text, timed) = timed(&words)?;
        let record = serde_json::from_str(&text).context(|| format!("reading {text}"))?;
        Ok((record, timed))
    }
}

/// oha, open: so many a second, with its latencies counted from when each was due.
pub(super) fn oha_on_time(address: &str, rate: f64, seconds: usize) -> Result<Spent> {
    let (rate, time) = (rate.to_string(), format!("{seconds}s"));
    let (text, timed) = timed(&[
        "oha",
        "--no-tui",
        "--output-format",
        "json",
        "--latency-correction",
        "-q",
        &rate,
        "-c",
        "400",
        "-z",
        &time,
        address,
    ])?;
    Ok(timed.with(of_oha(&text)?))
}

fn version(program: &str, flag: &str) -> Option<String> {
    let output = Command::new(program).arg(flag).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().next()?.trim();
    Some(line.split(" Copyright").next().unwrap_or(line).to_owned())
}
