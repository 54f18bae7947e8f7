//! The record of one case.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CaseId, Counter, Growth, Metric, Resolved};

/// Everything known of one case of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Its name.
    pub id: CaseId,
    /// The crate that registered it, as in paths (`hub_tasks`).
    #[serde(rename = "crate")]
    pub crate_name: String,
    /// The modules below the crate, joined by `::`, or what the option `group` says; may be empty.
    pub group: String,
    /// Name of the benchmark, without types and arguments.
    pub name: String,
    /// Labels of types and constants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// Labels of arguments; at most one.
    pub args: Vec<String>,
    /// Threads that run the body at once, where the benchmark asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// Tags of the benchmark.
    pub tags: Vec<String>,
    /// Where the benchmark stands.
    pub source: SourceLocation,
    /// The growth over its arguments that the benchmark promises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Growth>,
    /// Hash of the benchmark's code, in hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code_hash: String,
    /// What became of it.
    pub status: Status,
    /// Why, for every status but `measured`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The end of what the case printed; kept only where it did not finish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Figures by name, see [`metric_name`](super::metric_name).
    pub metrics: BTreeMap<String, Metric>,
    /// Metrics that could not be had for this case, each with the reason; those that no case of
    /// the run has are in [`RunHeader::absent`](super::RunHeader::absent).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub absent: BTreeMap<String, String>,
    /// What one iteration processes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<Counter>,
    /// (mean - min) / min over the batches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
    /// Smallest change, as a ratio, that two such runs could tell apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_effect: Option<f64>,
    /// One entry for each process the case ran in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub launches: Vec<LaunchRecord>,
    /// The settings it was run with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Resolved>,
    /// Remarks, most important first.
    pub notes: Vec<Note>,
}

impl CaseRecord {
    /// The figure of that name.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.metrics.get(name)
    }

    /// Whether a note with that code stands in the record.
    pub fn has_note(&self, code: &str) -> bool {
        self.notes.iter().any(|note| note.code == code)
    }
}

/// A place in the sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLocation {
    /// Path as the compiler was given it.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
}

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has figures.
    Measured,
    /// It panicked.
    Panicked,
    /// It returned an error, or could not be run as declared.
    Failed,
    /// Its process ended: abort, signal, `exit`.
    Died,
    /// It passed its deadline.
    TimedOut,
    /// It was measured and breaks a budget.
    BudgetFailed,
    /// It was not run.
    Skipped,
}

impl Status {
    /// Whether the case broke: exit code 101.
    pub fn is_broken(self) -> bool {
        matches!(self, Self::Panicked | Self::Failed | Self::Died | Self::TimedOut)
    }

    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Panicked => "panicked",
            Self::Failed => "failed",
            Self::Died => "died",
            Self::TimedOut => "timed out",
            Self::BudgetFailed => "over budget",
            Self::Skipped => "skipped",
        }
    }
}

/// What one process contributed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaunchRecord {
    /// Median of its batches, in nanoseconds an iteration.
    pub median_ns: f64,
    /// Batches that counted.
    pub samples: u32,
    /// Batches voided because something else disturbed them.
    pub voided: u32,
    /// Iterations timed in all.
    pub iterations: u64,
    /// The very first iteration, in nanoseconds.
    pub first_ns: f64,
    /// Pages that had to be mapped during it, where the system counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_faults: Option<u64>,
    /// How warming up went.
    pub warmup: Warmup,
    /// Time of the anchor kernel in this process, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_ns: Option<f64>,
    /// Times of an iteration in batches that counted, in their order, what the loop costs taken off as
    /// from the metric `time`, in nanoseconds. Of many batches they are a few, evenly spread: at most
    /// 256 over all launches of a case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples_ns: Vec<f64>,
}

/// How warming up went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warmup {
    /// Time spent, in nanoseconds.
    pub spent_ns: f64,
    /// Whether times had settled before the cap.
    pub settled: bool,
}

/// A remark on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable code such as `noisy`; each is listed in `docs/formats.md`.
    pub code: String,
    /// The remark in words.
    pub text: String,
    /// How much it matters.
    #[serde(default)]
    pub severity: Severity,
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For those who look it up.
    #[default]
    Remark,
    /// The figure may mislead.
    Warning,
}

impl Note {
    /// A note that tells the reader to be careful.
    pub fn warning(code: &str, text: impl Into<String>) -> Self {
        Self { code: code.to_owned(), text: text.into(), severity: Severity::Warning }
    }

    /// A note for those who look it up.
    pub fn remark(code: &str, text: impl Into<String>) -> Self {
        Self { code: code.to_owned(), text: text.into(), severity: Severity::Remark }
    }
}
