//! The one place where settings of load tests are merged.

use std::collections::BTreeMap;

use super::bounds::check_bounds;
use super::profiles::Profile;
use super::scenario::scenario;
use super::shape::{Spelling, derived, determines, given, known, without_shape};
use super::threshold::parse_option;
use crate::record::load::{
    ExecutorKind, LoadKind, LoadOptions, LoadPlan, PhaseSpan, Scenario, Threshold, ThresholdOption,
};

/// What one source says of a test: the command line, a file, the attribute.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LoadLayer {
    /// Where it comes from, in words: `command line`, `attribute`.
    pub(crate) source: String,
    /// Settings of the one scenario, or of what all scenarios have in common.
    pub(crate) options: LoadOptions,
    /// Scenarios by name, where there are several or they have names.
    pub(crate) scenarios: BTreeMap<String, LoadOptions>,
    /// Named parts of the one scenario.
    pub(crate) phases: Vec<PhaseSpan>,
}

/// Name of the scenario where nobody gave one; k6's.
const DEFAULT: &str = "default";
/// Source of the options that were typed.
const COMMAND_LINE: &str = "command line";

impl LoadLayer {
    /// Whether somebody typed it just now, or the command stands for it.
    fn is_typed(&self) -> bool {
        let commands = [Profile::Load, Profile::Stress, Profile::Spike];
        self.source == COMMAND_LINE
            || commands.iter().any(|command| self.source == format!("`{}`", command.name()))
    }

    fn spelling(&self) -> Spelling {
        if self.is_typed() { Spelling::Options } else { Spelling::Settings }
    }

    /// Where it comes from, within a sentence.
    fn whose(&self) -> String {
        if self.source == "attribute" { "the attribute".to_owned() } else { self.source.clone() }
    }
}

/// The plan that the layers ask for, the strongest first. Lengths of time are multiplied with
/// `time_scale`, except units of rates and graces, which depend on the target.
///
/// A layer that names an executor, scenarios, or a setting that the executor below does not know,
/// replaces what lies below; else settings replace each other one by one. Thresholds are replaced as
/// a whole.
pub(crate) fn load_plan(
    name: &str,
    kind: LoadKind,
    layers: &[LoadLayer],
    seed: u64,
    time_scale: f64,
) -> Result<LoadPlan, String> {
    let merged = merge(layers)?;
    let scenarios = scenarios(&merged)?;
    let thresholds = thresholds(&merged)?;
    let mut plan =
        LoadPlan { name: name.to_owned(), kind, scenarios, thresholds, seed, time_scale: 1.0 };
    super::bounds::scale(&mut plan, time_scale)?;
    check_bounds(&plan)?;
    Ok(plan)
}

fn merge(layers: &[LoadLayer]) -> Result<LoadLayer, String> {
    layers.iter().rev().try_fold(LoadLayer::default(), put_over)
}

fn put_over(below: LoadLayer, layer: &LoadLayer) -> Result<LoadLayer, String> {
    let source = &layer.source;
    let shape = given(&layer.options);
    let mut below = below;
    if let (Some(first), false) = (shape.first(), layer.scenarios.is_empty()) {
        return Err(format!("{source}: `{first}` and `scenarios` exclude each other"));
    }
    if !layer.scenarios.is_empty() {
        below = LoadLayer { options: without_shape(below.options), ..LoadLayer::default() };
        below.scenarios.clone_from(&layer.scenarios);
    } else if layer.options.executor.is_some() {
        below = LoadLayer { options: without_shape(below.options), ..LoadLayer::default() };
    } else if !shape.is_empty() {
        below = fit(below, layer, &shape)?;
    }
    if below.source.is_empty() {
        // Nothing is left of what said before when iterations start.
        below.source.clone_from(source);
    }
    if !layer.phases.is_empty() {
        below.phases.clone_from(&layer.phases);
    }
    below.options = layer.options.clone().over(below.options);
    Ok(below)
}

/// What of the lower layer stays under settings of the upper one.
fn fit(below: LoadLayer, layer: &LoadLayer, shape: &[&str]) -> Result<LoadLayer, String> {
    let has_scenarios = !below.scenarios.is_empty();
    let is_empty = given(&below.options).is_empty() && below.options.executor.is_none();
    let kind =
        below.options.executor.map_or_else(|| derived(&below.options, below.spelling()), Ok)?;
    let spelling = layer.spelling();
    let stranger = shape.iter().find(|name| !known(kind).contains(name));
    match (has_scenarios, stranger) {
        (false, _) if is_empty => Ok(LoadLayer { source: String::new(), ..below }),
        (false, None) => {
            // Parts of a course that changes have no names any more.
            let options = LoadOptions { executor: Some(kind), ..below.options };
            Ok(LoadLayer { options, source: below.source, ..LoadLayer::default() })
        }
        _ if determines(&layer.options) => {
            let vus = below.options.vus.filter(|_| keeps_users(layer));
            let options = LoadOptions { vus, ..without_shape(below.options) };
            Ok(LoadLayer { options, ..LoadLayer::default() })
        }
        (true, _) => Err(format!(
            "{}: {} does not apply, since the scenarios of {} say it themselves; change them, or \
             give a whole scenario with {}, {}, {} or {}",
            layer.source,
            spelling.of(shape[0]),
            below.whose(),
            spelling.of("duration"),
            spelling.of("stages"),
            spelling.of("iterations"),
            spelling.of("rate"),
        )),
        (false, Some(name)) => {
            let with = if below.is_typed() { " with these options" } else { "" };
            Err(format!(
                "{}: {} does not fit {kind}, which {} asks for{with}; {}",
                layer.source,
                spelling.of(name),
                below.whose(),
                spelling.accepted(kind)
            ))
        }
    }
}

/// Whether users that were asked for below still mean something under this layer, as in k6.
fn keeps_users(layer: &LoadLayer) -> bool {
    layer.options.vus.is_none()
        && derived(&layer.options, layer.spelling()).is_ok_and(|kind| {
            matches!(kind, ExecutorKind::ConstantVus | ExecutorKind::SharedIterations)
        })
}

fn scenarios(merged: &LoadLayer) -> Result<Vec<Scenario>, String> {
    if merged.scenarios.is_empty() {
        let place = match merged.spelling() {
            Spelling::Options => COMMAND_LINE.to_owned(),
            Spelling::Settings => format!("scenario `{DEFAULT}`"),
        };
        let mut only = scenario(DEFAULT, &merged.options, merged.spelling())
            .map_err(|wrong| format!("{place}: {wrong}"))?;
        only.phases.clone_from(&merged.phases);
        return Ok(vec![only]);
    }
    let common = LoadOptions { thresholds: None, ..without_shape(merged.options.clone()) };
    let one = |(name, options): (&String, &LoadOptions)| {
        scenario(name, &options.clone().over(common.clone()), Spelling::Settings)
            .map_err(|wrong| format!("scenario `{name}`: {wrong}"))
    };
    merged.scenarios.iter().map(one).collect()
}

/// Thresholds of the test, and those of its scenarios, which look at samples of the scenario only.
fn thresholds(merged: &LoadLayer) -> Result<Vec<Threshold>, String> {
    let parsed = |option: &ThresholdOption| parse_option(option);
    let mut all = Vec::new();
    for option in merged.options.thresholds.iter().flatten() {
        all.push(parsed(option)?);
    }
    for (name, options) in &merged.scenarios {
        for option in options.thresholds.iter().flatten() {
            let mut threshold =
                parsed(option).map_err(|wrong| format!("scenario `{name}`: {wrong}"))?;
            threshold.tags.insert("scenario".to_owned(), name.clone());
            all.push(threshold);
        }
    }
    Ok(all)
}
