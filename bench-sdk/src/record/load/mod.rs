//! Load tests as data: what is to be done, and what came of it.

mod builtin;
mod metric;
mod options;
mod outcome;
mod plan;
mod request;
mod scenario;
mod tags;
mod threshold;
mod tick;

pub(crate) use builtin::{Builtin, builtin};
pub use metric::{MetricKind, MetricRecord, MetricUnit, QuantilePoint, TrendSummary};
pub use options::{ExecutorKind, LoadOptions, ThresholdOption};
pub use outcome::{
    Capacity, CheckRecord, ErrorRecord, GeneratorRecord, LOAD_SCHEMA, LoadRecord, LoadRun, Probed,
    Recovery, ScenarioRecord, TargetRecord, ThresholdRecord,
};
pub use plan::{LoadKind, LoadPlan};
pub(crate) use request::{RequestBody, RequestPlan};
pub use scenario::{Arrivals, Executor, Phase, PhaseSpan, Scenario, Stage, WhenBusy};
pub use tags::Tags;
pub use threshold::{Aggregation, Operator, Threshold};
pub use tick::Tick;
