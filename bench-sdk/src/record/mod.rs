//! The values that leave the runtime: plain data with public fields and serde.
//!
//! Nothing here reads a clock, a file or an environment variable. What is on disk is these types;
//! their schema number is [`SCHEMA`].

mod baseline;
mod case;
mod comparison;
mod counter;
mod environment;
mod event;
mod id;
mod json;
#[cfg(feature = "load")]
pub mod load;
mod metric;
pub mod metric_name;
mod noise;
mod progress;
mod quantity;
mod run;
mod scaling;
mod settings;
pub(crate) mod units;

pub(crate) use baseline::{BASELINE_SCHEMA, BaselineRecord, BaselineRunRecord, ExecutableRecord};
pub use case::{CaseRecord, LaunchRecord, Note, Severity, SourceLocation, Status, Warmup};
pub use comparison::{
    BrokenCase, COMPARISON_SCHEMA, CaseComparison, ComparisonRecord, Method, Ratio, Rules, Side,
    SideRecord, ThresholdVerdict, Verdict,
};
pub use counter::{Counter, CounterKind};
pub use environment::{Build, Cgroup, ClockRecord, Environment, Frequency, Topology};
pub use event::{Event, PlanSummary, Position};
pub use id::{CaseId, short_label};
pub(crate) use id::{cut_name, fnv1a, is_unsafe};
pub(crate) use json::indented_json;
pub use metric::{Better, Metric, Unit};
pub use noise::{KernelNoise, MachineNoise, NOISE_SCHEMA};
pub(crate) use progress::Progress;
pub use quantity::{parse_duration, parse_ratio};
pub use run::{Mode, RunHeader, RunRecord, SCHEMA, Skipped};
pub use scaling::{
    Coefficient, ComplexityVerdict, Growth, GrowthModel, ScalabilityLaw, ScalingKind, ScalingPoint,
    ScalingRecord,
};
pub use settings::{Resolved, Settings};
