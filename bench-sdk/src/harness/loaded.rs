//! `--load-baseline`: a baseline held against another one, without measuring.

use super::against::baseline_side;
use super::arguments::Arguments;
use super::comparison_shown::ComparisonShown;
use super::environment::Surroundings;
use super::exit::Exit;
use super::noise::known_noise;
use super::usage::UsageError;
use crate::compare::{BaselineRuns, compare_records};
use crate::harness::tell_line;
use crate::plan::Plan;
use crate::record::{CaseId, RunRecord};
use crate::store::{Baseline, RunStore};

/// Compares the newest figures of `loaded` with the runs of the baseline, as far as they are of
/// planned cases, and shows what was found; what to end with.
pub(super) fn compare_loaded(
    baseline: Option<Baseline>,
    loaded: &Baseline,
    plan: &Plan,
    arguments: &Arguments,
    surroundings: &Surroundings,
) -> Result<Exit, UsageError> {
    let Some(mut baseline) = baseline else { return Ok(Exit::Success) };
    if baseline.name == loaded.name {
        return Err(UsageError::new(format!(
            "`--baseline` and `--load-baseline` both are `{}`, which says nothing about itself",
            loaded.name
        )));
    }
    let is_planned = |id: &CaseId| plan.cases.iter().any(|case| case.id == *id);
    let Some(candidate) = newest_of_each(loaded, &is_planned) else {
        return Err(UsageError::new(format!("baseline `{}` has no run", loaded.name)));
    };
    for run in &mut baseline.runs {
        run.cases.retain(|case| is_planned(&case.id));
    }
    let store = RunStore::new(surroundings.results_dir.clone());
    let (noise, note) = known_noise(&store, &candidate);
    // After a filtered save the cases can come from several executables.
    let one_executable = baseline.executables.len() == 1;
    let runs = BaselineRuns { runs: &baseline.runs, one_executable };
    let rules = arguments.comparison.rules();
    let mut record = compare_records(runs, &candidate, rules, noise.as_ref());
    record.notes.extend(note);
    record.baseline = baseline_side(&baseline);
    record.candidate = baseline_side(loaded);
    let exit = Exit::of_comparison(&record, arguments.strict);
    let shown = ComparisonShown { color: arguments.color, verbose: false };
    Ok(match shown.show(&record, exit, None, false) {
        Ok(()) => exit,
        Err(error) => {
            tell_line!("{error}");
            exit.and(Exit::NotKept)
        }
    })
}

/// The newest run, with the newest record of every planned case: after a filtered save they are in
/// several runs. `None` where there is no run.
fn newest_of_each(baseline: &Baseline, is_planned: &impl Fn(&CaseId) -> bool) -> Option<RunRecord> {
    let mut run = baseline.runs.last()?.clone();
    let newest =
        |id: &CaseId| baseline.runs_of(id).pop().and_then(|run| run.case(id.as_str())).cloned();
    run.cases = baseline.cases().iter().filter(|id| is_planned(id)).filter_map(newest).collect();
    Some(run)
}
