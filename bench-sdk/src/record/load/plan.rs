//! A whole load test before it runs.

use serde::{Deserialize, Serialize};

use super::{Scenario, Threshold};

/// What a run is to do; scenarios begin at their start times and may overlap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadPlan {
    /// Name of the test: of the load bench, of the entry in `hub-bench.toml`, or the address.
    pub name: String,
    /// What it is a test of.
    pub kind: LoadKind,
    /// In the order of their names; never empty.
    pub scenarios: Vec<Scenario>,
    /// In the order they were written.
    pub thresholds: Vec<Threshold>,
    /// The seed of every random choice in it.
    pub seed: u64,
    /// What all lengths of time were multiplied with, 1 where they were left alone.
    pub time_scale: f64,
}

/// What a load test is a test of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoadKind {
    /// How the target does under a given load.
    Load,
    /// How much it can bear.
    Stress,
    /// How it does during a sudden height of load, and after it.
    Spike,
}
