//! What virtual users do, and when.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Tags;

/// One scenario with all of its settings decided. All lengths of time are in nanoseconds, and
/// already scaled where a time scale was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Name, also the value of the tag `scenario`.
    pub name: String,
    /// When and how often iterations start.
    #[serde(flatten)]
    pub executor: Executor,
    /// When it begins, from the start of the run.
    #[serde(default)]
    pub start_time_ns: u64,
    /// How long iterations may still run after the scenario's end before they are interrupted.
    pub graceful_stop_ns: u64,
    /// The load bench that it runs, where it is not the one the run is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exec: Option<String>,
    /// Variables that its virtual users can ask for.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub env: Tags,
    /// Tags of all its samples.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// Parts of it that have a name of their own, in order; where empty, they are told from the
    /// stages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseSpan>,
}

/// When and how often iterations start; the words and rules of k6.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "executor", rename_all = "kebab-case")]
pub enum Executor {
    /// A fixed number of virtual users loop until the duration ends.
    ConstantVus {
        /// How many.
        vus: u64,
        /// For how long new iterations start.
        duration_ns: u64,
    },
    /// Virtual users come and go along stages, one at a time.
    RampingVus {
        /// How many there are at the start.
        start_vus: u64,
        /// Targets are numbers of virtual users.
        stages: Vec<Stage>,
        /// How long a virtual user that is to go may finish its iteration.
        graceful_ramp_down_ns: u64,
    },
    /// A number of iterations shared among virtual users, first come, first served.
    SharedIterations {
        /// How many virtual users.
        vus: u64,
        /// How many iterations altogether.
        iterations: u64,
        /// What has not begun by then counts as dropped.
        max_duration_ns: u64,
    },
    /// A number of iterations for each virtual user.
    PerVuIterations {
        /// How many virtual users.
        vus: u64,
        /// How many iterations each.
        iterations: u64,
        /// What has not begun by then counts as dropped.
        max_duration_ns: u64,
    },
    /// Iterations start at a fixed rate, whether or not former ones have ended.
    ConstantArrivalRate {
        /// Iterations in each unit of time.
        rate: u64,
        /// That unit.
        time_unit_ns: u64,
        /// For how long new iterations start.
        duration_ns: u64,
        /// Virtual users made ready before the start.
        pre_allocated_vus: u64,
        /// Virtual users that there may be.
        max_vus: u64,
        /// How arrivals lie between their ticks.
        #[serde(default)]
        arrivals: Arrivals,
        /// What becomes of an arrival that finds no free virtual user.
        #[serde(default)]
        when_busy: WhenBusy,
    },
    /// Iterations start at a rate that follows stages.
    RampingArrivalRate {
        /// Iterations in each unit of time at the start.
        start_rate: u64,
        /// That unit.
        time_unit_ns: u64,
        /// Targets are rates.
        stages: Vec<Stage>,
        /// Virtual users made ready before the start.
        pre_allocated_vus: u64,
        /// Virtual users that there may be.
        max_vus: u64,
        /// How arrivals lie between their ticks.
        #[serde(default)]
        arrivals: Arrivals,
        /// What becomes of an arrival that finds no free virtual user.
        #[serde(default)]
        when_busy: WhenBusy,
    },
}

/// A stretch of time in which a number moves in a straight line to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// How long it takes; at 0 the number jumps.
    pub duration_ns: u64,
    /// Where it ends.
    pub target: u64,
}

impl Stage {
    /// A stage of that length, cut to what fits into nanoseconds.
    ///
    /// ```
    /// use bench_sdk::record::load::Stage;
    /// use std::time::Duration;
    ///
    /// assert_eq!(Stage::new(Duration::from_secs(2), 10).duration_ns, 2_000_000_000);
    /// ```
    pub fn new(duration: Duration, target: u64) -> Self {
        Self { duration_ns: u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX), target }
    }
}

/// How arrivals lie in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arrivals {
    /// At even distances.
    #[default]
    Uniform,
    /// As independent users would: a Poisson process of the same rate, from the run's seed.
    Poisson,
}

/// What becomes of an arrival that finds no free virtual user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhenBusy {
    /// It is not made, and counts as dropped.
    #[default]
    Drop,
    /// It waits for one; its response time counts from when it was planned.
    Queue,
    /// It ends the run as failed.
    Fail,
}

/// A part of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The load is rising or falling.
    Ramp,
    /// The load is constant.
    Steady,
    /// The load is at its height, in a spike test.
    Spike,
    /// After a spike.
    Recovery,
}

/// From when to when a phase lasts, from the start of its scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseSpan {
    /// Which one.
    pub phase: Phase,
    /// Its start.
    pub from_ns: u64,
    /// Its end.
    pub until_ns: u64,
}

impl Phase {
    /// Its name in thresholds and records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ramp => "ramp",
            Self::Steady => "steady",
            Self::Spike => "spike",
            Self::Recovery => "recovery",
        }
    }
}

impl Executor {
    /// The name that k6 gives it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ConstantVus { .. } => "constant-vus",
            Self::RampingVus { .. } => "ramping-vus",
            Self::SharedIterations { .. } => "shared-iterations",
            Self::PerVuIterations { .. } => "per-vu-iterations",
            Self::ConstantArrivalRate { .. } => "constant-arrival-rate",
            Self::RampingArrivalRate { .. } => "ramping-arrival-rate",
        }
    }

    /// Whether iterations start when they are planned, whatever became of former ones.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::ConstantArrivalRate { .. } | Self::RampingArrivalRate { .. })
    }

    /// For how long new iterations may start, in nanoseconds.
    pub fn duration_ns(&self) -> u64 {
        match self {
            Self::ConstantVus { duration_ns, .. }
            | Self::ConstantArrivalRate { duration_ns, .. } => *duration_ns,
            Self::SharedIterations { max_duration_ns, .. }
            | Self::PerVuIterations { max_duration_ns, .. } => *max_duration_ns,
            Self::RampingVus { stages, .. } | Self::RampingArrivalRate { stages, .. } => {
                stages.iter().fold(0, |sum, stage| sum.saturating_add(stage.duration_ns))
            }
        }
    }

    /// The most virtual users that there can be at a time.
    pub fn max_vus(&self) -> u64 {
        match self {
            Self::ConstantVus { vus, .. }
            | Self::SharedIterations { vus, .. }
            | Self::PerVuIterations { vus, .. } => *vus,
            Self::RampingVus { start_vus, stages, .. } => {
                stages.iter().map(|stage| stage.target).fold(*start_vus, u64::max)
            }
            Self::ConstantArrivalRate { max_vus, .. }
            | Self::RampingArrivalRate { max_vus, .. } => *max_vus,
        }
    }
}
