//! Runs become baselines, and baselines are found again.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::baseline_arguments::SaveArguments;
use super::environment::Surroundings;
use super::execute::Target;
use super::usage::{UsageError, shortened};
use crate::plan::{Ignored, Selection, nearest};
use crate::record::{RunRecord, units};
use crate::store::{
    Baseline, BaselineName, BaselineStore, BaselineSummary, ExecutableSource, Pooling, Save, Saved,
    StoreError, with_figures,
};

/// Where executables look for libraries besides the usual folders; cargo adds to it.
pub(super) const LIBRARY_PATH: &str =
    if cfg!(target_vendor = "apple") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };

/// The running executable by a path that holds even if its file is replaced meanwhile.
const SELF: &str = "/proc/self/exe";

/// Refuses builds that must not become a baseline; better before measuring than after.
pub(super) fn check_build(target: &Target, saving: &SaveArguments) -> Result<(), UsageError> {
    match &saving.name {
        Some(name) if !target.optimized && !saving.allow_unoptimized => Err(UsageError::new(
            format!("this build is not optimised, so it does not become baseline `{name}`"),
        )
        .help("cargo bench optimises; --allow-unoptimized saves it all the same")),
        _ => Ok(()),
    }
}

/// Saves the run if that was asked for; gives what to tell of it.
pub(super) fn save(
    saving: &SaveArguments,
    selection: &Selection,
    surroundings: &Surroundings,
    record: &RunRecord,
    complete: bool,
) -> Result<Option<String>, StoreError> {
    let Some(name) = &saving.name else { return Ok(None) };
    if !complete {
        return Ok(Some(format!("not saved as baseline {name}: the run was not finished")));
    }
    let (record, left_out) = with_figures(record);
    if record.cases.is_empty() {
        return Ok(Some(format!("not saved as baseline {name}: no case has figures")));
    }
    let pooling = Pooling { partial: is_partial(selection), append: saving.append };
    let executable = running_executable(surroundings).map_err(|error| StoreError::Io {
        path: PathBuf::from(SELF),
        doing: "find the executable",
        error,
    })?;
    let store = BaselineStore::new(surroundings.results_dir.clone());
    let saved = store.save(name, Save { record, executable: Some(executable), pooling })?;
    Ok(Some(saved_text(name, &saved, left_out)))
}

/// Whether a part of the cases was selected.
fn is_partial(selection: &Selection) -> bool {
    let Selection { filters, skips, exact: _, tags, ignored, partition, ids } = selection;
    !filters.is_empty()
        || !skips.is_empty()
        || !tags.is_empty()
        || *ignored == Ignored::Only
        || partition.is_some()
        || ids.is_some()
}

fn running_executable(surroundings: &Surroundings) -> std::io::Result<ExecutableSource> {
    let told = std::env::current_exe()?;
    let itself = Path::new(SELF);
    Ok(ExecutableSource {
        path: if itself.exists() { itself.to_owned() } else { told.clone() },
        file_name: told.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        working_dir: std::env::current_dir()?,
        package_dir: surroundings.package_dir.clone(),
        library_path: std::env::var_os(LIBRARY_PATH).map(|p| p.to_string_lossy().into_owned()),
    })
}

/// `saved as baseline main: 31 cases, 2 runs, executable 12.3 MB`
pub(crate) fn saved_text(name: &BaselineName, saved: &Saved, left_out: usize) -> String {
    let executable = match saved.executable_bytes {
        0 => "records only".to_owned(),
        size_bytes => format!("executable {}", units::bytes(size_bytes as f64)),
    };
    let mut text = format!(
        "saved as baseline {name}: {}, {}, {executable}",
        plural(saved.cases, "case"),
        plural(saved.runs, "run")
    );
    if saved.replaced {
        text.push_str("; replaces what another executable measured");
    }
    if left_out > 0 {
        let verb = if left_out == 1 { "is" } else { "are" };
        let cases = plural(left_out, "case");
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\n{cases} without figures {verb} not in it");
    }
    text
}

/// What the baseline has of that target.
pub(crate) fn find_baseline(
    store: &BaselineStore,
    name: &BaselineName,
    package: &str,
    target: &str,
) -> Result<Baseline, UsageError> {
    match store.load(name, package, target) {
        Ok(Some(baseline)) => Ok(baseline),
        Ok(None) => Err(not_there(store, name, package, target)),
        Err(error) => Err(refused(&error)),
    }
}

/// The error of the store, for those who asked for a baseline.
pub(crate) fn refused(error: &StoreError) -> UsageError {
    let told = UsageError::new(error.message());
    match error.help() {
        Some(help) => told.help(help),
        None => told,
    }
}

fn not_there(
    store: &BaselineStore,
    name: &BaselineName,
    package: &str,
    target: &str,
) -> UsageError {
    let known = match store.names() {
        Ok(known) => known,
        Err(error) => return refused(&error),
    };
    let Some(found) = known.iter().find(|summary| summary.name == *name) else {
        return unknown_baseline(name, &known);
    };
    let (package, target) = (shortened(package), shortened(target));
    let has = found.targets.iter().map(|target| format!("{} of {}", target.target, target.package));
    let has: Vec<String> = has.collect();
    UsageError::new(format!("baseline `{name}` has nothing of target {target} of {package}"))
        .detail(format!("it has: {}", has.join(", ")))
        .help(format!("save it: --save-baseline {name}"))
}

/// The error for a name that no baseline has.
pub(crate) fn unknown_baseline(name: &BaselineName, known: &[BaselineSummary]) -> UsageError {
    let error = UsageError::new(format!("baseline `{name}` does not exist"));
    if known.is_empty() {
        return error
            .detail("known: none")
            .help(format!("save one from the code to compare with: --save-baseline {name}"));
    }
    let shown: Vec<String> = known.iter().map(shown).collect();
    let error = error.detail(format!("known: {}", shown.join(", ")));
    match nearest(name.as_str(), known.iter().map(|summary| summary.name.as_str())) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// `main (3 runs, 2026-01-01)`
fn shown(summary: &BaselineSummary) -> String {
    match summary.saved_at() {
        Some(saved_at) => {
            let day = saved_at.get(..10).unwrap_or(saved_at);
            format!("{} ({}, {day})", summary.name, plural(summary.runs(), "run"))
        }
        None => format!("{} (damaged)", summary.name),
    }
}

/// `1 run`, `3 runs`
pub(crate) fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
