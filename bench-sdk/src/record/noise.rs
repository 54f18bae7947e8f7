//! How much times vary on a machine by themselves.

use serde::{Deserialize, Serialize};

/// Number of the layout of a noise record that this version reads and writes.
pub const NOISE_SCHEMA: u32 = 1;

/// What calibration found out about a machine: how much the same executable differs from itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MachineNoise {
    /// Layout number, [`NOISE_SCHEMA`].
    pub schema: u32,
    /// When it was measured, in UTC, such as `2026-01-01T12:00:00Z`.
    pub measured_at: String,
    /// Processor model that it holds for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Standard deviation of the logarithm of a case's time from run to run, as a ratio to the
    /// anchor kernel's.
    pub s0: f64,
    /// Degrees of freedom that it is worth.
    pub d0: f64,
    /// How many comparisons of identical code it rests on.
    #[serde(default)]
    pub comparisons: u32,
    /// How many of them were called different.
    #[serde(default)]
    pub false_alarms: u32,
    /// How many were shown to be equivalent.
    #[serde(default)]
    pub equivalent: u32,
    /// How long it took, in nanoseconds.
    #[serde(default)]
    pub duration_ns: u64,
    /// The smallest change, as a ratio, that a paired comparison sees with a budget, in nanoseconds
    /// a case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<(u64, f64)>,
    /// What each kernel showed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kernels: Vec<KernelNoise>,
}

/// What calibration saw of one kernel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KernelNoise {
    /// What it does.
    pub name: String,
    /// Comparisons with itself.
    pub comparisons: u32,
    /// How many of them were shown to be equivalent.
    pub equivalent: u32,
    /// Launches of a comparison, in the middle.
    pub launches: f64,
    /// Standard deviation of the logarithm of candidate over baseline from launch to launch, in the
    /// middle of the comparisons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
    /// Standard deviation of the logarithm of its time, as a ratio to the anchor kernel's, from run to
    /// run; the anchor itself has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between_runs: Option<f64>,
}
