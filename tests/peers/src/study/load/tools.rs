//! The generators, and what they say.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::{Context, Failure, Result};
use crate::ground::Ground;
use crate::parse::executable_of_bin;
use crate::process::run;

/// A program that puts load on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tool {
    Own,
    Wrk,
    Oha,
}

impl Tool {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Own => "bench-sdk",
            Self::Wrk => "wrk",
            Self::Oha => "oha",
        }
    }

    /// Those that are installed, with what they say of their version.
    pub(super) fn installed() -> Vec<(Self, String)> {
        let version = |program: &str, flag: &str| {
            let output = Command::new(program).arg(flag).output().ok()?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let line = text.lines().next()?.trim();
            Some(line.split(" Copyright").next().unwrap_or(line).to_owned())
        };
        let mut found = vec![(Self::Own, "this version".to_owned())];
        // wrk says its version where it is not used rightly, and ends with 1.
        found.extend(version("wrk", "-v").map(|text| (Self::Wrk, text)));
        found.extend(version("oha", "--version").map(|text| (Self::Oha, text)));
        found
    }
}

/// What a generator did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Spent {
    pub(super) requests: f64,
    pub(super) cpu_seconds: f64,
    pub(super) p50_ms: Option<f64>,
    pub(super) p99_ms: Option<f64>,
}

/// `cargo-hub-bench` of the workspace, optimised.
pub(super) fn build_own(ground: &Ground) -> Result<PathBuf> {
    let mut cargo = ground.member("bench-sdk").cargo();
    cargo.args(["build", "--release", "--offline", "--features", "cli"]);
    cargo.args(["--bin", "cargo-hub-bench", "--message-format", "json-render-diagnostics"]);
    executable_of_bin(&run(&mut cargo)?.stdout, "cargo-hub-bench")
        .context(|| "cargo names no executable `cargo-hub-bench`".to_owned())
}

/// Closed load of so many connections on the first processor.
pub(super) fn closed(
    tool: Tool,
    own: &Path,
    results: &Path,
    address: &str,
    connections: usize,
    seconds: usize,
) -> Result<Spent> {
    let (users, time) = (connections.to_string(), format!("{seconds}s"));
    let words: Vec<&str> = match tool {
        Tool::Own => {
            let record = own_record(
                own,
                results,
                &["load", address, "--concurrency", &users, "--duration", &time, "--threads", "1"],
            )?;
            return Ok(spent(&record.0, record.1));
        }
        Tool::Wrk => vec!["wrk", "-t1", "--latency", "-c", &users, "-d", &time, address],
        Tool::Oha => {
            vec!["oha", "--no-tui", "--output-format", "json", "-c", &users, "-z", &time, address]
        }
    };
    let (text, cpu_seconds) = timed(&words)?;
    let mut spent = if tool == Tool::Wrk { of_wrk(&text) } else { of_oha(&text)? };
    spent.cpu_seconds = cpu_seconds;
    if spent.requests > 0.0 {
        Ok(spent)
    } else {
        Err(Failure::new(format!("{} made no requests:\n{text}", tool.name())))
    }
}

/// The record of one of our own load tests on the first processor, and the processor time of it all.
pub(super) fn own_record(own: &Path, results: &Path, arguments: &[&str]) -> Result<(Value, f64)> {
    let own = own.display().to_string();
    let mut words = vec![own.as_str()];
    words.extend(arguments);
    words.extend(["--output-format", "json"]);
    let variable = format!("HUB_BENCH_DIR={}", results.display());
    words.splice(0..0, ["env", &variable]);
    let (text, cpu_seconds) = timed(&words)?;
    let record = serde_json::from_str(&text).context(|| format!("reading {text}"))?;
    Ok((record, cpu_seconds))
}

/// Runs on the first processor; what was said, and user and system time.
fn timed(words: &[&str]) -> Result<(String, f64)> {
    let mut command = Command::new("bash");
    let script = "TIMEFORMAT='peers-time %U %S'; time \"$@\"";
    command.args(["-c", script, "bash", "taskset", "-c", "0"]).args(words);
    let output = command.stdin(Stdio::null()).output();
    let output = output.context(|| format!("starting {words:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().rev().find_map(|line| line.strip_prefix("peers-time "));
    let cpu = line.and_then(|line| line.split(' ').map(|part| part.parse::<f64>().ok()).sum());
    // A threshold that failed is a result.
    let answered = matches!(output.status.code(), Some(0 | 4));
    match cpu {
        Some(cpu) if answered => Ok((String::from_utf8_lossy(&output.stdout).into_owned(), cpu)),
        _ => Err(Failure::new(format!("{words:?} failed ({}):\n{said}", output.status))),
    }
}

fn spent(record: &Value, cpu_seconds: f64) -> Spent {
    let trend = &record["metrics"]["http_req_duration"]["trend"];
    Spent {
        requests: record["metrics"]["http_reqs"]["value"].as_f64().unwrap_or(0.0),
        cpu_seconds,
        p50_ms: trend["med"].as_f64().map(|ns| ns / 1e6),
        p99_ms: trend["p99"].as_f64().map(|ns| ns / 1e6),
    }
}

/// `  1234 requests in 5.00s, 1.00MB read`, and lines such as `     99%    1.23ms`.
fn of_wrk(text: &str) -> Spent {
    let mut spent = Spent::default();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("50%"), Some(time)) => spent.p50_ms = milliseconds(time),
            (Some("99%"), Some(time)) => spent.p99_ms = milliseconds(time),
            (Some(count), Some("requests")) => spent.requests = count.parse().unwrap_or(0.0),
            _ => {}
        }
    }
    spent
}

/// `12.3us`, `1.23ms`, `1.23s`
fn milliseconds(text: &str) -> Option<f64> {
    for (unit, factor) in [("us", 1e-3), ("ms", 1.0), ("s", 1e3)] {
        if let Some(value) = text.strip_suffix(unit).and_then(|digits| digits.parse::<f64>().ok()) {
            return Some(value * factor);
        }
    }
    None
}

fn of_oha(text: &str) -> Result<Spent> {
    let said: Value = serde_json::from_str(text).context(|| format!("reading {text}"))?;
    let counts = said["statusCodeDistribution"].as_object();
    let requests = counts.into_iter().flatten().filter_map(|(_, count)| count.as_f64()).sum();
    let at = |name: &str| said["latencyPercentiles"][name].as_f64().map(|s| s * 1e3);
    Ok(Spent { requests, p50_ms: at("p50"), p99_ms: at("p99"), ..Spent::default() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_peers_say_is_read() {
        let wrk = "  Latency Distribution\n     50%  812.00us\n     99%    1.23ms\n  400 requests in 5.00s, 1.00MB read\n";
        let read = of_wrk(wrk);
        assert_eq!((read.requests, read.p50_ms, read.p99_ms), (400.0, Some(0.812), Some(1.23)));
        let oha = r#"{"statusCodeDistribution":{"200":7,"503":1},
            "latencyPercentiles":{"p50":0.001,"p99":0.002}}"#;
        let read = of_oha(oha).unwrap();
        assert_eq!((read.requests, read.p50_ms, read.p99_ms), (8.0, Some(1.0), Some(2.0)));
    }
}
