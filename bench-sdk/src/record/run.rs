//! The record of one run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CaseId, CaseRecord, Environment, Note, ScalingRecord};

/// Number of the layout of `run.json` that this version reads and writes.
pub const SCHEMA: u32 = 1;

/// Everything known of one run; `run.json` is this value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Layout number, [`SCHEMA`].
    pub schema: u32,
    /// The run as a whole.
    pub run: RunHeader,
    /// Where it took place.
    pub environment: Environment,
    /// Its cases, in the order of their ids.
    pub cases: Vec<CaseRecord>,
    /// What was fitted to cases of one benchmark together, in the order of their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scaling: Vec<ScalingRecord>,
}

impl RunRecord {
    /// The case of that name.
    pub fn case(&self, id: &str) -> Option<&CaseRecord> {
        self.cases.iter().find(|case| case.id.as_str() == id)
    }
}

/// A run as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunHeader {
    /// `YYYYMMDD_HHMMSS_xxxx`, also the name of its folder.
    pub id: String,
    /// When it started, in UTC, such as `2026-01-01T12:00:00Z`.
    pub started_at: String,
    /// How long it took, in nanoseconds.
    #[serde(default)]
    pub duration_ns: u64,
    /// How thoroughly it measured.
    pub mode: Mode,
    /// The seed of every random choice in it.
    pub seed: u64,
    /// Launches asked for by default.
    pub launches: u32,
    /// Whether the executable was built with optimisation.
    pub optimized: bool,
    /// Cargo package of the executable.
    #[serde(default)]
    pub package: String,
    /// Cargo target of the executable.
    #[serde(default)]
    pub target: String,
    /// Cases registered in the executable, before filters.
    #[serde(default)]
    pub registered: u32,
    /// Whether it was stopped before all was measured.
    #[serde(default)]
    pub interrupted: bool,
    /// The share of the cases that was selected, such as `1/3`; none where it was all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// Median time of the anchor kernel, in nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_ns: Option<f64>,
    /// Metrics that no case of the run has, each with the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub absent: BTreeMap<String, String>,
    /// Benchmarks that gave no case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// Remarks on the whole run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Reporters that failed, with their errors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_reporters: Vec<String>,
}

/// How thoroughly a run measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// As `cargo bench` does: several launches.
    Full,
    /// As `cargo test` does: one short launch.
    Quick,
    /// One iteration of each case, to see that it works.
    Test,
}

/// A benchmark that gave no case, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Name of the benchmark or case.
    pub id: CaseId,
    /// Why, in words.
    pub reason: String,
}
