//! What somebody asked a scenario to be, before defaults.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Arrivals, Phase, Stage, Tags, WhenBusy};

/// One layer of settings of a scenario: of the attribute, of `hub-bench.toml`, of the command line.
/// `None` leaves a value to the layer below.
///
/// ```
/// use bench_sdk::record::load::{ExecutorKind, LoadOptions};
/// use std::time::Duration;
///
/// let attribute = LoadOptions {
///     executor: Some(ExecutorKind::ConstantVus),
///     vus: Some(10),
///     duration: Some(Duration::from_secs(60)),
///     ..LoadOptions::default()
/// };
/// let command_line = LoadOptions { vus: Some(50), ..LoadOptions::default() };
/// let merged = command_line.over(attribute);
/// assert_eq!((merged.vus, merged.duration), (Some(50), Some(Duration::from_secs(60))));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadOptions {
    /// When and how often iterations start.
    pub executor: Option<ExecutorKind>,
    /// Virtual users.
    pub vus: Option<u64>,
    /// For how long new iterations start.
    pub duration: Option<Duration>,
    /// Stages; targets are virtual users or rates.
    pub stages: Option<Vec<Stage>>,
    /// Iterations altogether, or of each virtual user.
    pub iterations: Option<u64>,
    /// Until when a number of iterations must have begun.
    pub max_duration: Option<Duration>,
    /// Iterations in each unit of time.
    pub rate: Option<u64>,
    /// That unit.
    pub time_unit: Option<Duration>,
    /// Rate before the first stage.
    pub start_rate: Option<u64>,
    /// Virtual users before the first stage.
    pub start_vus: Option<u64>,
    /// Virtual users made ready before the start.
    pub pre_allocated_vus: Option<u64>,
    /// Virtual users that there may be.
    pub max_vus: Option<u64>,
    /// When it begins, from the start of the run.
    pub start_time: Option<Duration>,
    /// How long iterations may run on after the end.
    pub graceful_stop: Option<Duration>,
    /// How long a virtual user that is to go may finish its iteration.
    pub graceful_ramp_down: Option<Duration>,
    /// How arrivals lie between their ticks.
    pub arrivals: Option<Arrivals>,
    /// What becomes of an arrival that finds no free virtual user.
    pub when_busy: Option<WhenBusy>,
    /// The load bench that it runs.
    pub exec: Option<String>,
    /// Variables that its virtual users can ask for.
    pub env: Tags,
    /// Tags of all its samples.
    pub tags: Tags,
    /// What must hold.
    pub thresholds: Option<Vec<ThresholdOption>>,
}

/// A threshold as it was written.
///
/// ```
/// use bench_sdk::record::load::ThresholdOption;
///
/// let written = ThresholdOption::from("http_req_duration: p(95) < 500ms");
/// assert_eq!(written.text, "http_req_duration: p(95) < 500ms");
/// assert_eq!(written.abort_on_fail, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThresholdOption {
    /// `metric{tag:value}: aggregation operator number`
    pub text: String,
    /// Whether the run ends as soon as it does not hold.
    pub abort_on_fail: Option<bool>,
    /// How long after the start it may first end the run.
    pub delay_abort_eval: Option<Duration>,
    /// The last stretch of the run that counts.
    pub window: Option<Duration>,
    /// The phase that counts.
    pub phase: Option<Phase>,
}

impl From<&str> for ThresholdOption {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// The executors by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutorKind {
    /// `constant-vus`
    ConstantVus,
    /// `ramping-vus`
    RampingVus,
    /// `shared-iterations`
    SharedIterations,
    /// `per-vu-iterations`
    PerVuIterations,
    /// `constant-arrival-rate`
    ConstantArrivalRate,
    /// `ramping-arrival-rate`
    RampingArrivalRate,
}

impl ExecutorKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ConstantVus,
        Self::RampingVus,
        Self::SharedIterations,
        Self::PerVuIterations,
        Self::ConstantArrivalRate,
        Self::RampingArrivalRate,
    ];

    /// The name that k6 gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ConstantVus => "constant-vus",
            Self::RampingVus => "ramping-vus",
            Self::SharedIterations => "shared-iterations",
            Self::PerVuIterations => "per-vu-iterations",
            Self::ConstantArrivalRate => "constant-arrival-rate",
            Self::RampingArrivalRate => "ramping-arrival-rate",
        }
    }

    /// Whether iterations start when they are planned, whatever became of former ones.
    pub fn is_open(self) -> bool {
        matches!(self, Self::ConstantArrivalRate | Self::RampingArrivalRate)
    }
}

impl fmt::Display for ExecutorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ExecutorKind {
    type Err = String;

    /// Reads a name, with dashes or underscores; the error lists what is accepted.
    fn from_str(text: &str) -> Result<Self, String> {
        let dashed = text.replace('_', "-");
        Self::ALL.into_iter().find(|kind| kind.name() == dashed).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            format!("`{text}` is no executor; accepted: {}", names.join(", "))
        })
    }
}

impl LoadOptions {
    /// Merges two layers; what stands in `self` wins. Variables and tags are merged one by one,
    /// thresholds are replaced as a whole.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            executor: self.executor.or(below.executor),
            vus: self.vus.or(below.vus),
            duration: self.duration.or(below.duration),
            stages: self.stages.or(below.stages),
            iterations: self.iterations.or(below.iterations),
            max_duration: self.max_duration.or(below.max_duration),
            rate: self.rate.or(below.rate),
            time_unit: self.time_unit.or(below.time_unit),
            start_rate: self.start_rate.or(below.start_rate),
            start_vus: self.start_vus.or(below.start_vus),
            pre_allocated_vus: self.pre_allocated_vus.or(below.pre_allocated_vus),
            max_vus: self.max_vus.or(below.max_vus),
            start_time: self.start_time.or(below.start_time),
            graceful_stop: self.graceful_stop.or(below.graceful_stop),
            graceful_ramp_down: self.graceful_ramp_down.or(below.graceful_ramp_down),
            arrivals: self.arrivals.or(below.arrivals),
            when_busy: self.when_busy.or(below.when_busy),
            exec: self.exec.or(below.exec),
            env: merged(self.env, below.env),
            tags: merged(self.tags, below.tags),
            thresholds: self.thresholds.or(below.thresholds),
        }
    }
}

fn merged(upper: Tags, mut below: Tags) -> Tags {
    below.extend(upper);
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executors_are_read_with_dashes_and_underscores() {
        for kind in ExecutorKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(kind.name().replace('-', "_").parse(), Ok(kind));
        }
        let refused = "constant".parse::<ExecutorKind>();
        assert!(refused.is_err_and(|e| e.contains("constant-vus, ramping-vus")));
    }

    #[test]
    fn tags_of_two_layers_are_merged_and_the_upper_wins() {
        let with = |pairs: &[(&str, &str)]| LoadOptions {
            tags: pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..LoadOptions::default()
        };
        let merged = with(&[("a", "1"), ("b", "2")]).over(with(&[("b", "3"), ("c", "4")]));
        assert_eq!(merged, with(&[("a", "1"), ("b", "2"), ("c", "4")]));
    }
}
