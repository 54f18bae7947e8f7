//! From arguments, files and attributes to the plan of a load test.

use std::path::Path;

use super::super::environment::{Surroundings, called_from};
use super::super::usage::UsageError;
use super::arguments::LoadArguments;
use crate::plan::load::{
    HttpWishes, K6Options, LoadEntry, LoadLayer, Profile, load_plan, parse_options, profile_layer,
};
use crate::record::load::{LoadKind, LoadPlan};
use crate::runner::fresh_seed;

/// A test that is planned.
pub(super) struct PlannedLoad {
    pub(super) plan: LoadPlan,
    /// What a k6 file asks of requests.
    pub(super) wishes: HttpWishes,
    /// What to tell before the test.
    pub(super) remarks: Vec<String>,
}

/// Merges what the command line, a k6 file, the configuration and the attribute say.
pub(super) fn planned(
    name: &str,
    arguments: &LoadArguments,
    entry: Option<&LoadEntry>,
    attribute: Option<LoadLayer>,
) -> Result<PlannedLoad, UsageError> {
    let profile = arguments.profile;
    let refused = |error: String| UsageError::of_lines(&error);
    let own = profile_layer(profile, &arguments.of_profile).map_err(refused)?;
    let command_line = LoadLayer {
        source: "command line".to_owned(),
        options: arguments.scenario.clone(),
        ..LoadLayer::default()
    };
    let file = arguments.options_file.as_deref().map(read_options).transpose()?;
    let (file, wishes, remarks) = match file {
        Some(read) => (Some(read.layer), read.http, read.notes),
        None => (None, HttpWishes::default(), Vec::new()),
    };
    let written: Vec<LoadLayer> =
        file.into_iter().chain(entry.map(|entry| entry.layer.clone())).chain(attribute).collect();
    let mut layers = vec![command_line];
    let course = &mut layers[0].options;
    let is_written = profile == Profile::Load && !written.iter().all(has_no_course);
    let is_typed = course.executor.is_some() || course.iterations.is_some();
    if is_written || (profile == Profile::Load && is_typed) {
        // Somebody said when iterations start, in a file or here: the options that are the command's
        // own are settings of that.
        let said = &arguments.of_profile;
        course.duration = course.duration.or(said.duration);
        course.rate = course.rate.or(said.rate);
        course.vus = course.vus.or(said.concurrency);
        course.max_vus = course.max_vus.or(said.max_connections);
    }
    if is_written {
        layers.extend(written);
    } else {
        // The command itself says when iterations start. A number of iterations is k6's, whose
        // virtual users are one unless somebody says otherwise.
        if profile == Profile::Load && course.iterations.is_some() {
            course.vus = course.vus.or(Some(1));
        }
        layers.extend(written.into_iter().map(without_course));
        layers.push(own);
    }
    let kind = match profile {
        Profile::Load => LoadKind::Load,
        Profile::Stress => LoadKind::Stress,
        Profile::Spike => LoadKind::Spike,
    };
    let seed = arguments.seed.unwrap_or_else(fresh_seed);
    let plan = load_plan(name, kind, &layers, seed, arguments.time_scale).map_err(refused)?;
    Ok(PlannedLoad { plan, wishes, remarks })
}

/// A layer of which only thresholds, tags and variables are left.
fn without_course(layer: LoadLayer) -> LoadLayer {
    let options = crate::record::load::LoadOptions {
        thresholds: layer.options.thresholds,
        env: layer.options.env,
        tags: layer.options.tags,
        exec: layer.options.exec,
        graceful_stop: layer.options.graceful_stop,
        ..Default::default()
    };
    LoadLayer { source: layer.source, options, ..LoadLayer::default() }
}

fn has_no_course(layer: &LoadLayer) -> bool {
    let rest = without_course(layer.clone());
    layer.scenarios.is_empty() && layer.options == rest.options
}

fn read_options(file: &Path) -> Result<K6Options, UsageError> {
    let path = called_from().join(file);
    let shown = file.display().to_string();
    let source = std::fs::read_to_string(&path)
        .map_err(|error| UsageError::new(format!("failed to read {shown}: {error}")))?;
    parse_options(&shown, &source).map_err(|error| UsageError::of_lines(&error))
}

/// The entry of that name in the configuration.
pub(super) fn entry<'a>(surroundings: &'a Surroundings, name: &str) -> Option<&'a LoadEntry> {
    surroundings.configuration.load.get(name)
}

/// What the entry of that name in `hub-bench.toml` is a test of, where there is one and it says so.
#[cfg(feature = "cli")]
pub(crate) fn configured_target(surroundings: &Surroundings, name: &str) -> Option<String> {
    entry(surroundings, name)?.target.clone()
}
