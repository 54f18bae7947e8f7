//! What one iteration works through.

use serde::{Deserialize, Serialize};

/// How much one iteration processes; throughput is this over time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counter {
    /// What is counted.
    pub kind: CounterKind,
    /// How many of them one iteration processes.
    pub count: f64,
}

/// What a [`Counter`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CounterKind {
    /// Items of the application.
    Items,
    /// Bytes.
    Bytes,
    /// Characters.
    Chars,
    /// Cycles, displayed in hertz.
    Cycles,
}
