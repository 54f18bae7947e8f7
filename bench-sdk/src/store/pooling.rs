//! Which runs stay in a baseline when another one is saved.

use crate::record::{CaseRecord, RunRecord, ScalingRecord, Status};

/// A run, and the executable it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PooledRun {
    pub(super) record: RunRecord,
    /// SHA-256 of the executable, where it is saved.
    pub(super) origin: Option<String>,
}

/// How a run goes into a baseline that exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pooling {
    /// It stands for its own cases only: not all were selected.
    pub(crate) partial: bool,
    /// It is added, whatever executable it comes from.
    pub(crate) append: bool,
}

/// The runs of the baseline with the new one among them, the oldest first.
///
/// The same executable adds a run, another one replaces: all of what others measured, or the cases
/// of the new run if that is partial. Several processes can contribute to one run.
pub(super) fn pooled(
    before: Vec<PooledRun>,
    mut new: PooledRun,
    pooling: Pooling,
) -> Vec<PooledRun> {
    let stored = before.iter().find(|run| run.record.run.id == new.record.run.id);
    if new.origin.is_none() {
        // The record of a run that was saved with its executable already.
        new.origin = stored.and_then(|run| run.origin.clone());
    }
    let mut runs: Vec<PooledRun> = Vec::new();
    for mut run in before {
        if run.record.run.id == new.record.run.id && run.origin == new.origin {
            take_others(&mut new.record, run.record);
            continue;
        }
        let is_same = run.origin.is_some() && run.origin == new.origin;
        if pooling.append || is_same {
            runs.push(run);
        } else if pooling.partial {
            without(&mut run.record, &new.record);
            if !run.record.cases.is_empty() {
                runs.push(run);
            }
        }
    }
    runs.push(new);
    runs
}

/// Takes over the cases of the same run that another process measured.
fn take_others(record: &mut RunRecord, other: RunRecord) {
    let is_new = |case: &CaseRecord| record.case(case.id.as_str()).is_none();
    let others: Vec<CaseRecord> = other.cases.into_iter().filter(is_new).collect();
    record.cases.extend(others);
    record.cases.sort_by(|a, b| a.id.cmp(&b.id));
}

/// Takes away what another run has measured anew, and what was fitted to it.
fn without(record: &mut RunRecord, other: &RunRecord) {
    let gone: Vec<&CaseRecord> =
        record.cases.iter().filter(|case| other.case(case.id.as_str()).is_some()).collect();
    let touches = |fit: &ScalingRecord| gone.iter().any(|case| fit.is_of(&case.id));
    let scaling = record.scaling.iter().filter(|fit| !touches(fit)).cloned().collect();
    record.scaling = scaling;
    record.cases.retain(|case| other.case(case.id.as_str()).is_none());
}

/// The run with nothing but the cases that have figures, and how many that leaves out.
pub(crate) fn with_figures(record: &RunRecord) -> (RunRecord, usize) {
    let mut record = record.clone();
    let before = record.cases.len();
    let has_figures =
        |case: &CaseRecord| matches!(case.status, Status::Measured | Status::BudgetFailed);
    record.cases.retain(has_figures);
    let left_out = before - record.cases.len();
    (record, left_out)
}
