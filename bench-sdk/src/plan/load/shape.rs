//! Which settings belong to which executor.

use crate::record::load::{ExecutorKind, LoadOptions};

/// The settings that make a scenario what it is, with the executors that know them.
pub(super) fn given(options: &LoadOptions) -> Vec<&'static str> {
    let all = [
        ("vus", options.vus.is_some()),
        ("duration", options.duration.is_some()),
        ("stages", options.stages.is_some()),
        ("iterations", options.iterations.is_some()),
        ("max_duration", options.max_duration.is_some()),
        ("rate", options.rate.is_some()),
        ("time_unit", options.time_unit.is_some()),
        ("start_rate", options.start_rate.is_some()),
        ("start_vus", options.start_vus.is_some()),
        ("pre_allocated_vus", options.pre_allocated_vus.is_some()),
        ("max_vus", options.max_vus.is_some()),
        ("graceful_ramp_down", options.graceful_ramp_down.is_some()),
        ("arrivals", options.arrivals.is_some()),
        ("when_busy", options.when_busy.is_some()),
    ];
    all.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name).collect()
}

/// How the one who gave settings calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As in files and attributes, and as k6 has them.
    Settings,
    /// As they are typed: `--pre-allocated-vus`.
    Options,
}

impl Spelling {
    /// The setting in quotes.
    pub(super) fn of(self, setting: &str) -> String {
        format!("`{}`", self.bare(setting))
    }

    fn bare(self, setting: &str) -> String {
        match self {
            Self::Options if setting == "stages" => "--stage".to_owned(),
            Self::Options if is_option(setting) => format!("--{}", setting.replace('_', "-")),
            _ => setting.to_owned(),
        }
    }

    /// The settings of an executor that can be given.
    pub(super) fn accepted(self, kind: ExecutorKind) -> String {
        let can_be_given = |setting: &&&str| self == Self::Settings || is_option(setting);
        let names = known(kind).iter().filter(can_be_given).map(|setting| self.bare(setting));
        format!("accepted: {}", names.collect::<Vec<_>>().join(", "))
    }
}

/// Whether the command line has it.
fn is_option(setting: &str) -> bool {
    !matches!(setting, "time_unit" | "arrivals" | "when_busy" | "graceful_ramp_down")
}

/// The settings that an executor knows.
pub(super) fn known(kind: ExecutorKind) -> &'static [&'static str] {
    match kind {
        ExecutorKind::ConstantVus => &["vus", "duration"],
        ExecutorKind::RampingVus => &["start_vus", "stages", "graceful_ramp_down"],
        ExecutorKind::SharedIterations | ExecutorKind::PerVuIterations => {
            &["vus", "iterations", "max_duration"]
        }
        ExecutorKind::ConstantArrivalRate => &[
            "rate",
            "time_unit",
            "duration",
            "pre_allocated_vus",
            "max_vus",
            "arrivals",
            "when_busy",
        ],
        ExecutorKind::RampingArrivalRate => &[
            "start_rate",
            "time_unit",
            "stages",
            "pre_allocated_vus",
            "max_vus",
            "arrivals",
            "when_busy",
        ],
    }
}

/// A setting that the executor does not know, as an error.
pub(super) fn check_known(
    kind: ExecutorKind,
    options: &LoadOptions,
    spelling: Spelling,
) -> Result<(), String> {
    let known = known(kind);
    match given(options).into_iter().find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) => {
            Err(format!("{} does not fit {kind}; {}", spelling.of(name), spelling.accepted(kind)))
        }
    }
}

/// Whether the settings say by themselves which executor is meant.
pub(super) fn determines(options: &LoadOptions) -> bool {
    options.executor.is_some()
        || options.duration.is_some()
        || options.stages.is_some()
        || options.iterations.is_some()
        || options.rate.is_some()
}

/// The executor that settings stand for which name none: k6's shortcuts, and arrival rates where a
/// rate is given.
pub(super) fn derived(options: &LoadOptions, spelling: Spelling) -> Result<ExecutorKind, String> {
    let of = |setting: &str| spelling.of(setting);
    let conflict = |one: &str, other: &str| {
        Err(format!("{} and {} exclude each other; leave one of them out", of(one), of(other)))
    };
    let has_stages = options.stages.as_ref().is_some_and(|stages| !stages.is_empty());
    let open = options.rate.is_some()
        || options.start_rate.is_some()
        || options.pre_allocated_vus.is_some()
        || options.max_vus.is_some();
    if options.iterations.is_some() {
        return match (has_stages, open) {
            (true, _) => conflict("iterations", "stages"),
            (_, true) => conflict("iterations", "rate"),
            _ => Ok(ExecutorKind::SharedIterations),
        };
    }
    if has_stages {
        return match (options.duration.is_some(), options.rate.is_some()) {
            (true, _) => conflict("duration", "stages"),
            (_, true) => Err(format!(
                "with {} the first rate is {}, not {}",
                of("stages"),
                of("start_rate"),
                of("rate")
            )),
            _ if open => Ok(ExecutorKind::RampingArrivalRate),
            _ => Ok(ExecutorKind::RampingVus),
        };
    }
    Ok(match (open, options.duration.is_some(), options.vus.is_some()) {
        (true, ..) => ExecutorKind::ConstantArrivalRate,
        (false, true, _) => ExecutorKind::ConstantVus,
        (false, false, true) => ExecutorKind::SharedIterations,
        (false, false, false) => ExecutorKind::PerVuIterations,
    })
}

/// The settings without those that make the scenario what it is.
pub(super) fn without_shape(options: LoadOptions) -> LoadOptions {
    LoadOptions {
        start_time: options.start_time,
        graceful_stop: options.graceful_stop,
        exec: options.exec,
        env: options.env,
        tags: options.tags,
        thresholds: options.thresholds,
        ..LoadOptions::default()
    }
}
