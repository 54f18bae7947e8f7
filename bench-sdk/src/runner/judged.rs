//! From what a contest saw to what is said of it.

use super::contest::{Contest, PairedCase};
use crate::compare::{Judgement, compare_exact, explain, is_exact};
use crate::record::metric_name;
use crate::record::{CaseComparison, CaseId, Note, Rules, ThresholdVerdict, Verdict};
use crate::resource::Likeness;
use crate::stats::median;

/// Share of disturbed batches above which a comparison is noisy.
const NOISY: f64 = 0.2;
/// Disturbed batches of one side and the other differ by more than chance beyond so many standard
/// deviations.
const UNEVEN: f64 = 4.0;

/// The comparison of executables that are the same.
pub(super) fn identical(case: &PairedCase, rules: &Rules) -> CaseComparison {
    let mut comparison = CaseComparison::unknown(&case.id, metric_name::TIME);
    comparison.verdict = Verdict::Equivalent;
    comparison.threshold = rules.threshold.map(|_| ThresholdVerdict::Under);
    let same = match case.likeness {
        Likeness::Identical => "both executables are the same, byte for byte",
        _ => "both executables have the same code and data",
    };
    comparison.evidence.push(same.to_owned());
    comparison
}

/// Everything that is said of a case: of its time, its tail, and what it uses besides.
pub(super) fn comparisons_of(contest: &Contest, judgements: &[Judgement]) -> Vec<CaseComparison> {
    let mut found = Vec::new();
    if let Some(judgement) = judgements.get(contest.time) {
        let mut time = judged(&contest.case, contest.metric(), judgement, &contest.times_ns);
        time.announced = contest.announced;
        time.notes.extend(notes(contest));
        found.push(time);
    }
    if let Some(judgement) = contest.p99.and_then(|index| judgements.get(index)) {
        found.push(judged(&contest.case, metric_name::TIME_P99, judgement, &contest.p99s_ns));
    }
    found.extend(exact(&contest.case.id, &contest.figures).into_iter().map(|(found, _)| found));
    explain(&mut found);
    found
}

/// Whether processes of both sides have told enough of what is compared by its value: where they
/// agree, one of each has, and a difference is worth all that may be sent.
pub(super) fn enough(id: &CaseId, figures: &[Vec<Vec<(String, f64)>>; 2]) -> bool {
    exact(id, figures).iter().all(|(_, open)| !open)
}

/// What is compared by its value, and whether further processes may change that.
fn exact(id: &CaseId, figures: &[Vec<Vec<(String, f64)>>; 2]) -> Vec<(CaseComparison, bool)> {
    let compared = metric_name::ALL.iter().filter(|name| is_exact(name));
    let compare = |name: &&str| {
        let [baseline, candidate] = figures.each_ref().map(|side| values(name, side));
        let (baseline, candidate) = (baseline?, candidate?);
        let exact = compare_exact(name, &baseline, &candidate);
        let comparison = CaseComparison {
            verdict: exact.verdict,
            ratio: exact.ratio,
            baseline: median(&baseline),
            candidate: median(&candidate),
            launches: baseline.len() as u32,
            evidence: exact.evidence,
            ..CaseComparison::unknown(id, name)
        };
        Some((comparison, exact.open))
    };
    compared.filter_map(compare).collect()
}

/// The values of that metric, where every process has one.
fn values(name: &str, processes: &[Vec<(String, f64)>]) -> Option<Vec<f64>> {
    let of = |figures: &Vec<(String, f64)>| {
        figures.iter().find(|(found, _)| found == name).map(|(_, value)| *value)
    };
    let values: Option<Vec<f64>> = processes.iter().map(of).collect();
    values.filter(|values| !values.is_empty())
}

fn judged(
    case: &PairedCase,
    metric: &str,
    judgement: &Judgement,
    figures: &[Vec<f64>; 2],
) -> CaseComparison {
    CaseComparison {
        verdict: judgement.verdict,
        threshold: judgement.threshold,
        ratio: judgement.ratio,
        baseline: median(&figures[0]),
        candidate: median(&figures[1]),
        launches: judgement.launches,
        e_value: judgement.e_value,
        smallest_effect: judgement.smallest_effect,
        evidence: judgement.evidence.clone(),
        notes: judgement.notes.clone(),
        ..CaseComparison::unknown(&case.id, metric)
    }
}

fn notes(contest: &Contest) -> Vec<Note> {
    let mut notes = Vec::new();
    if contest.case.code_changed {
        notes.push(Note::warning(
            "bench_code_changed",
            "the code of the benchmark itself has changed: what is compared may not be the same work",
        ));
    }
    if contest.at_floor {
        notes.push(Note::warning(
            "at_floor",
            "an iteration cannot be told from an empty loop; a change of it cannot be seen",
        ));
    }
    let voided = contest.voided.map(f64::from);
    let share = (voided[0] + voided[1]) / f64::from(contest.batches.max(1));
    if !contest.voids() {
        notes.push(Note::remark(
            "disturbances_kept",
            "most batches of the pilot were disturbed, as with more threads than processors: nothing \
             is left out",
        ));
    } else if share > NOISY {
        notes.push(Note::warning(
            "noisy",
            format!("{:.0} % of the batches were disturbed and left out", share * 100.0),
        ));
    }
    if contest.voids()
        && (voided[0] - voided[1]).abs() > UNEVEN * (voided[0] + voided[1]).sqrt().max(1.0)
    {
        notes.push(Note::warning(
            "voids_differ",
            format!(
                "{} batches of the baseline were disturbed and {} of the candidate: what is left out \
                 is not the same on both sides",
                contest.voided[0], contest.voided[1]
            ),
        ));
    }
    notes
}
