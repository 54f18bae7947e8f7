//! What the page draws of a load test and of a profile, as the program in it reads them.
//!
//! These are shapes of drawings and no record: whoever has a record makes them of it and hands them to
//! [`Dashboard::add_load`](super::Dashboard::add_load) or
//! [`add_flame`](super::Dashboard::add_flame). `load_sample.json` beside this file is one of each.

use serde::Serialize;

use crate::record::Unit;

/// A load test.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct LoadView {
    /// What it is called.
    pub(crate) name: String,
    /// What happened over time.
    pub(crate) timeline: Timeline,
    /// How long things took: a curve each for response and service time, say.
    pub(crate) percentiles: Vec<PercentileLine>,
    /// What failed, the most frequent first.
    pub(crate) errors: Vec<ErrorLine>,
}

/// Figures over time. Series of one unit share a panel, those that are trouble one of their own; all
/// panels share the time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Timeline {
    /// Seconds since the start, of each point, rising.
    pub(crate) at_s: Vec<f64>,
    /// What is drawn, in the order of the legend.
    pub(crate) series: Vec<TimeLine>,
    /// Stretches that are shaded and named: stages, spikes, a recovery.
    pub(crate) phases: Vec<Phase>,
}

/// One figure over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct TimeLine {
    /// What it is called: `rate`, `P99`, `errors`.
    pub(crate) name: String,
    /// The unit of its values.
    pub(crate) unit: Unit,
    /// Whether more of it is trouble, as of errors.
    pub(crate) is_bad: bool,
    /// A value for each point of the timeline; a gap where there is none.
    pub(crate) values: Vec<Option<f64>>,
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Phase {
    /// `ramp`, `steady`, `spike`.
    pub(crate) name: String,
    /// Where it begins, in seconds since the start.
    pub(crate) from_s: f64,
    /// Where it ends.
    pub(crate) to_s: f64,
}

/// A time by its percentile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct PercentileLine {
    /// What it is called.
    pub(crate) name: String,
    /// Pairs of a share below 1 and the nanoseconds that so many stay below, both rising.
    pub(crate) points: Vec<(f64, f64)>,
}

/// Failures of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ErrorLine {
    /// `status 503`, `connection refused`.
    pub(crate) what: String,
    /// How many there were.
    pub(crate) count: u64,
}

/// A flame graph.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FlameView {
    /// What was profiled.
    pub(crate) name: String,
    /// What a value counts: `samples`, or a unit.
    pub(crate) unit: String,
    /// The frame below all others.
    pub(crate) root: Frame,
}

/// A frame: what was on the stack, and what it called.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Frame {
    /// Its function.
    pub(crate) name: String,
    /// What was counted in it, calls included.
    pub(crate) value: f64,
    /// What it called.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) calls: Vec<Frame>,
}
