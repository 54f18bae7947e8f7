//! Runs a generator, and takes what it takes.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{ChildStderr, Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::failure::{Context, Failure, Result};

/// What a generator did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Spent {
    pub(super) requests: f64,
    pub(super) cpu_seconds: f64,
    /// Bytes of resident memory at the most.
    pub(super) peak_rss: f64,
    pub(super) p50_ms: Option<f64>,
    pub(super) p95_ms: Option<f64>,
    pub(super) p99_ms: Option<f64>,
}

impl Spent {
    /// What was taken, with what was said of it.
    pub(super) fn with(self, said: Self) -> Self {
        Self { cpu_seconds: self.cpu_seconds, peak_rss: self.peak_rss, ..said }
    }
}

/// Runs on the first processor; what was said, and what it took.
pub(super) fn timed(words: &[&str]) -> Result<(String, Spent)> {
    let mut command = Command::new("bash");
    // The process that becomes the program first says who it is.
    let script = r#"TIMEFORMAT='peers-time %U %S'
        time bash -c 'echo "$$" >&2; exec taskset -c 0 "$@"' bash "$@""#;
    command.args(["-c", script, "bash"]).args(words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut bash = command.spawn().context(|| format!("starting {words:?}"))?;
    let watched = bash.stderr.take().map(|stderr| spawn(move || watch(stderr)));
    let output = bash.wait_with_output().context(|| format!("waiting for {words:?}"))?;
    let (said, peak_rss) =
        watched.and_then(|thread| thread.join().ok()).context(|| "nobody watched".to_owned())?;
    let line = said.lines().rev().find_map(|line| line.strip_prefix("peers-time "));
    let cpu = line.and_then(|line| line.split(' ').map(|part| part.parse::<f64>().ok()).sum());
    // A threshold that failed is a result.
    let answered = matches!(output.status.code(), Some(0 | 4));
    match cpu {
        Some(cpu_seconds) if answered => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            Ok((text, Spent { cpu_seconds, peak_rss, ..Spent::default() }))
        }
        _ => Err(Failure::new(format!("{words:?} failed ({}):\n{said}", output.status))),
    }
}

/// What a program says there, and the most memory that the process named in its first line has had.
fn watch(stderr: ChildStderr) -> (String, f64) {
    let mut reader = BufReader::new(stderr);
    let mut said = String::new();
    let found = reader.read_line(&mut said).is_ok().then(|| said.trim().parse().ok()).flatten();
    let peak = found.map(|process: u32| spawn(move || peak_of(process)));
    let mut rest = Vec::new();
    // What cannot be read is missing in the text, which then has no figures.
    let _ = reader.read_to_end(&mut rest);
    said.push_str(&String::from_utf8_lossy(&rest));
    (said, peak.and_then(|thread| thread.join().ok()).unwrap_or(0.0))
}

/// Looks until the process has ended.
fn peak_of(process: u32) -> f64 {
    let mut peak = 0.0_f64;
    while let Ok(text) = fs::read_to_string(format!("/proc/{process}/status")) {
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        match kib {
            Some(kib) => peak = peak.max(kib * 1024.0),
            // It has given its memory back.
            None => break,
        }
        sleep(Duration::from_millis(20));
    }
    peak
}
