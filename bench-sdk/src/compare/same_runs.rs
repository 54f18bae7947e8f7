//! Which runs of a baseline tell how much times vary by themselves.

use crate::record::{Note, RunRecord};

/// The runs of one executable at different times, the oldest first, and a note where some do not
/// count.
///
/// Runs of different code differ for another reason than chance. `one_executable` says that the
/// caller knows them to come from one; else they have to have the build, the commit and no
/// uncommitted changes in common with the newest, and where that cannot be told the newest is all
/// there is.
pub(super) fn same_runs(
    runs: &[RunRecord],
    one_executable: bool,
) -> (Vec<&RunRecord>, Option<Note>) {
    let mut sorted: Vec<&RunRecord> = runs.iter().collect();
    sorted.sort_by(|a, b| (&a.run.started_at, &a.run.id).cmp(&(&b.run.started_at, &b.run.id)));
    sorted.dedup_by(|a, b| a.run.id == b.run.id);
    let Some(newest) = sorted.last().copied() else { return (Vec::new(), None) };
    let all = sorted.len();
    sorted.retain(|run| {
        std::ptr::eq(*run, newest) || one_executable || come_from_one_executable(run, newest)
    });
    let note = (sorted.len() < all).then(|| {
        Note::warning(
            "baseline_runs_apart",
            format!(
                "{} of the {all} runs to compare with count: only runs of one executable tell how \
                 much times vary, and the others are not known to come from the newest one's (same \
                 commit, no uncommitted changes, same build)",
                sorted.len()
            ),
        )
    });
    (sorted, note)
}

fn come_from_one_executable(one: &RunRecord, other: &RunRecord) -> bool {
    let (a, b) = (&one.environment, &other.environment);
    let is_clean = a.git_dirty == Some(false) && b.git_dirty == Some(false);
    a.git_commit.is_some()
        && a.git_commit == b.git_commit
        && is_clean
        && a.build == b.build
        && a.rustc == b.rustc
        && (&one.run.package, &one.run.target) == (&other.run.package, &other.run.target)
}
