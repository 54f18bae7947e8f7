//! What a report shows, gathered from the results folder.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use super::failure::Failure;
use crate::compare::{BaselineRuns, compare_records};
use crate::harness::{known_noise, refused, unknown_baseline};
use crate::record::{CaseId, ComparisonRecord, Mode, Rules, RunRecord};
use crate::report::{Dashboard, LeftOut, ShownComparison, escape};
use crate::store::{BaselineName, BaselineStore, RunStore, StoreError};

/// Load tests that are shown, the newest: each takes up to 100 kB of the page.
const LOAD_TESTS: usize = 30;
/// Runs that the newest one is held against: more would say hardly more of what varies.
const COMPARED_RUNS: usize = 12;
/// Comparisons that were kept and are shown, the newest.
const KEPT_COMPARISONS: usize = 5;

/// Gathers the newest runs, and what they are held against; a failure where there is no run.
pub(super) fn gather(
    results_dir: &Path,
    most_runs: usize,
    baseline: Option<&BaselineName>,
) -> Result<Dashboard, Failure> {
    let dashboard = gather_any(results_dir, most_runs, baseline)?;
    match dashboard.runs() + dashboard.load_tests() {
        0 => Err(nothing(&RunStore::new(results_dir.to_owned()), &dashboard)),
        _ => Ok(dashboard),
    }
}

/// The same, where no run is no failure: there may be one soon.
///
/// Runs are read one by one, and only the last few stay in memory.
pub(super) fn gather_any(
    results_dir: &Path,
    most_runs: usize,
    baseline: Option<&BaselineName>,
) -> Result<Dashboard, Failure> {
    let store = RunStore::new(results_dir.to_owned());
    let against = baseline.map(|name| baseline_runs(results_dir, name)).transpose()?;
    let mut dashboard = Dashboard::default();
    let ids = store.list().map_err(|error| Failure::new(escape(&error.to_string())))?;
    let recent = add_runs(&store, &ids, most_runs, &mut dashboard);
    add_load_tests(&store, &mut dashboard);
    let newest = recent.back().map(|run| run.run.id.clone()).unwrap_or_default();
    let mut found = kept(&store, &mut dashboard);
    let made = made(&store, recent, baseline, against, &mut dashboard);
    // What was compared in turns says more than records do, unless it is older or they were asked for.
    let is_news =
        |one: &ShownComparison| baseline.is_none() && one.folder.as_ref() >= Some(&newest);
    let at = found.iter().take_while(|one| is_news(one)).count();
    found.splice(at..at, made);
    for comparison in found {
        dashboard.add_comparison(comparison);
    }
    Ok(dashboard)
}

/// Adds the newest runs that can be shown; gives the last of them.
fn add_runs(
    store: &RunStore,
    ids: &[String],
    most: usize,
    dashboard: &mut Dashboard,
) -> VecDeque<RunRecord> {
    let mut recent = VecDeque::new();
    let is_run = |id: &String| store.has(id, "run.json");
    let with_run: Vec<&String> = ids.iter().filter(|id| is_run(id)).collect();
    let older = with_run.len().saturating_sub(most);
    dashboard.set_older(older);
    for id in &with_run[older..] {
        match store.load(Some(id.as_str())) {
            Ok(Some(run)) if run.run.mode == Mode::Test => {
                leave_out(
                    dashboard,
                    id,
                    "it ran each case once, so its times are those of cold calls",
                );
            }
            Ok(Some(run)) => {
                recent.push_back(without_samples(&run));
                if recent.len() > COMPARED_RUNS + 1 {
                    recent.pop_front();
                }
                dashboard.add_run(run);
            }
            // Removed meanwhile.
            Ok(None) => {}
            Err(error) => leave_out(dashboard, id, &error.message()),
        }
    }
    let records = ["run.json", "comparison.json", "load.json"];
    let is_empty = |id: &&String| !records.iter().any(|file| store.has(id, file));
    for id in ids.iter().filter(is_empty) {
        leave_out(dashboard, id, "there is no run.json in it");
    }
    recent
}

/// What comparing looks at; samples would be most of the memory.
fn without_samples(run: &RunRecord) -> RunRecord {
    let mut run = run.clone();
    for launch in run.cases.iter_mut().flat_map(|case| &mut case.launches) {
        launch.samples_ns = Vec::new();
    }
    run
}

/// Adds the newest load tests that can be shown.
fn add_load_tests(store: &RunStore, dashboard: &mut Dashboard) {
    let ids = store.load_ids();
    for id in &ids[ids.len().saturating_sub(LOAD_TESTS)..] {
        match store.load_test(Some(id)) {
            Ok(Some(record)) => dashboard.add_load_test(&record),
            // Removed meanwhile.
            Ok(None) => {}
            Err(error) => leave_out(dashboard, id, &error.message()),
        }
    }
}

fn leave_out(dashboard: &mut Dashboard, name: &str, reason: &str) {
    dashboard.leave_out(LeftOut { name: name.to_owned(), reason: reason.to_owned() });
}

/// The newest comparisons that were kept, the last first.
fn kept(store: &RunStore, dashboard: &mut Dashboard) -> Vec<ShownComparison> {
    let mut found = Vec::new();
    for id in store.ids().into_iter().rev() {
        if found.len() == KEPT_COMPARISONS {
            break;
        }
        match store.comparison(&id) {
            Ok(None) => {}
            Ok(Some(record)) => found.push(ShownComparison { folder: Some(id), record }),
            Err(error) => leave_out(dashboard, &id, &error.message()),
        }
    }
    found
}

/// The newest run held against the baseline, or against those before it with a case in common.
fn made(
    store: &RunStore,
    mut recent: VecDeque<RunRecord>,
    name: Option<&BaselineName>,
    against: Option<Against>,
    dashboard: &mut Dashboard,
) -> Option<ShownComparison> {
    let newest = recent.pop_back()?;
    let (runs, one_executable) = if let Some(against) = against {
        let name = name.map_or("", BaselineName::as_str);
        dashboard.set_baseline(name, &against.saved_at, &against.runs);
        (against.runs, against.one_executable)
    } else {
        // A build of another kind in between is nothing to hold times against.
        recent.retain(|run| run.run.optimized == newest.run.optimized);
        (recent.into(), false)
    };
    let record = judge(store, runs, one_executable, &newest)?;
    let mut comparison = ShownComparison { folder: None, record };
    if let Some(name) = name {
        name.as_str().clone_into(&mut comparison.record.baseline.name);
    }
    Some(comparison)
}

fn judge(
    store: &RunStore,
    mut runs: Vec<RunRecord>,
    one_executable: bool,
    newest: &RunRecord,
) -> Option<ComparisonRecord> {
    let ids: BTreeSet<&CaseId> = newest.cases.iter().map(|case| &case.id).collect();
    let is_other = |run: &RunRecord| run.run.id != newest.run.id;
    runs.retain(|run| is_other(run) && run.cases.iter().any(|case| ids.contains(&case.id)));
    if runs.is_empty() {
        return None;
    }
    let (noise, note) = known_noise(store, newest);
    let side = BaselineRuns { runs: &runs, one_executable };
    let mut record = compare_records(side, newest, Rules::default(), noise.as_ref());
    record.notes.extend(note);
    Some(record)
}

/// A baseline that was asked for.
struct Against {
    runs: Vec<RunRecord>,
    saved_at: String,
    one_executable: bool,
}

fn baseline_runs(results_dir: &Path, name: &BaselineName) -> Result<Against, Failure> {
    let store = BaselineStore::new(results_dir.to_owned());
    let failed = |error: &StoreError| Failure::from(refused(error));
    let mut baselines = store.load_all(name).map_err(|error| failed(&error))?;
    let Some(saved_at) = baselines.iter().map(|one| one.saved_at.clone()).max() else {
        let known = store.names().map_err(|error| failed(&error))?;
        return Err(unknown_baseline(name, &known).into());
    };
    let one_executable = baselines.len() == 1 && baselines[0].executables.len() == 1;
    let mut runs: Vec<RunRecord> =
        baselines.iter_mut().flat_map(|one| one.runs.drain(..)).collect();
    runs.sort_by(|a, b| (&a.run.started_at, &a.run.id).cmp(&(&b.run.started_at, &b.run.id)));
    Ok(Against { runs, saved_at, one_executable })
}

/// There is nothing to show; says what there is.
fn nothing(store: &RunStore, dashboard: &Dashboard) -> Failure {
    let failure = match dashboard.left_out().len() {
        0 => Failure::new(format!("no run is kept in {}", escape(&store.shown()))),
        _ => Failure::new(format!("no run in {} can be shown", escape(&store.shown()))),
    };
    let line = |left_out: &LeftOut| escape(&format!("{}: {}", left_out.name, left_out.reason));
    let failure = dashboard.left_out().iter().map(line).fold(failure, Failure::detail);
    failure.help("measure something first: cargo hub-bench run")
}
