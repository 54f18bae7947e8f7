//! What a run tells while it goes on.

use serde::{Deserialize, Serialize};

#[cfg(feature = "load")]
use super::load::{LoadPlan, LoadRecord, LoadRun, ThresholdRecord, Tick};
use super::{CaseId, CaseRecord, ComparisonRecord, Environment, Rules, RunHeader, RunRecord};

/// Something that happened in a run. Reporters receive every event, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(
    feature = "load",
    expect(clippy::large_enum_variant, reason = "events are lent, and the last is the largest")
)]
pub enum Event {
    /// The plan stands; measuring begins.
    RunStarted {
        /// The run as known so far.
        run: RunHeader,
        /// Where it takes place.
        environment: Environment,
        /// What will be measured.
        plan: PlanSummary,
    },
    /// A launch of a case began.
    CaseStarted {
        /// The case.
        id: CaseId,
        /// How far the run is.
        position: Position,
    },
    /// A launch of a case ended and more launches follow.
    Progress {
        /// The case.
        id: CaseId,
        /// How far the run is.
        position: Position,
    },
    /// A case is measured.
    CaseFinished {
        /// Its record.
        record: CaseRecord,
    },
    /// A case broke or is over budget.
    CaseFailed {
        /// Its record.
        record: CaseRecord,
    },
    /// Sizes and scatter of everything that is compared are known; measuring begins.
    ComparisonPlanned {
        /// The rules it is judged by.
        rules: Rules,
        /// The smallest change, as a ratio, that each case's budget is expected to show.
        effects: Vec<(CaseId, f64)>,
    },
    /// A launch of both sides of a case began.
    ComparisonProgress {
        /// The case.
        id: CaseId,
        /// Launch of it, counted from 1; 0 while it is looked at for the first time.
        launch: u32,
        /// Cases that are through.
        closed: u32,
        /// Cases in all.
        cases: u32,
    },
    /// A comparison is done.
    ComparisonFinished {
        /// The whole comparison.
        record: ComparisonRecord,
        /// The folder it is kept in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        folder: Option<String>,
    },
    /// A load test begins.
    #[cfg(feature = "load")]
    LoadStarted {
        /// The test as known so far.
        run: LoadRun,
        /// Where it takes place.
        environment: Environment,
        /// What is to be done.
        plan: LoadPlan,
    },
    /// A stretch of a load test is over, usually a second.
    #[cfg(feature = "load")]
    LoadTick {
        /// What happened in it.
        tick: Tick,
    },
    /// A threshold of a load test that held does not hold any more, or the other way round.
    #[cfg(feature = "load")]
    ThresholdCrossed {
        /// When, from the start of the test, in nanoseconds.
        at_ns: u64,
        /// How it stands now.
        threshold: ThresholdRecord,
    },
    /// A load test is done.
    #[cfg(feature = "load")]
    LoadFinished {
        /// The whole test.
        record: LoadRecord,
        /// The folder it is kept in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        folder: Option<String>,
    },
    /// All is done.
    RunFinished {
        /// The whole run.
        record: RunRecord,
        /// The folder it is kept in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        folder: Option<String>,
    },
}

/// What a run will measure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// Selected cases, in the order of their ids.
    pub cases: Vec<CaseId>,
    /// Crates they come from.
    pub crates: Vec<String>,
    /// Cases registered, before filters.
    pub registered: u32,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// This launch, counted from 1.
    pub launch: u32,
    /// Launches in all.
    pub launches: u32,
    /// Share of the run that is done, 0 to 1.
    pub done: f64,
    /// Estimated time to the end, in seconds, once it can be told.
    pub left_s: Option<f64>,
}
