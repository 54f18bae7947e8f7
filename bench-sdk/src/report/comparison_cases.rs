//! The comparisons of a record, by case.

use std::collections::BTreeMap;

use crate::record::{CaseComparison, CaseId, ComparisonRecord, Severity, Verdict, metric_name};

/// One case with all that was compared of it.
pub(crate) struct ComparedCase<'a> {
    pub(crate) id: &'a CaseId,
    /// Regressed if any metric did, else improved if any did, else as its time is judged.
    pub(crate) verdict: Verdict,
    /// The comparison that the verdict is that of: of the time if possible.
    pub(crate) head: &'a CaseComparison,
    /// The others that differ from equivalent.
    pub(crate) others: Vec<&'a CaseComparison>,
}

impl ComparedCase<'_> {
    /// Whether it fails the gate.
    pub(crate) fn fails(&self) -> bool {
        self.head.fails() || self.others.iter().any(|other| other.fails())
    }

    /// The comparison that fails the gate, the head first.
    pub(crate) fn failing(&self) -> Option<&CaseComparison> {
        let all = std::iter::once(self.head).chain(self.others.iter().copied());
        all.into_iter().find(|comparison| comparison.fails())
    }

    /// Whether a warning stands at it.
    fn is_suspect(&self) -> bool {
        self.head.notes.iter().any(|note| note.severity == Severity::Warning)
    }

    /// How far it moved, whichever way; from nothing it is infinitely far.
    fn distance(&self) -> f64 {
        self.head.ratio.map_or(f64::INFINITY, |ratio| ratio.estimate.ln().abs())
    }
}

/// The cases of a record with that verdict; what changed comes with the largest change first, and
/// what fails the gate before what does not.
pub(crate) fn with_verdict<'a, 'b>(
    cases: &'b [ComparedCase<'a>],
    verdict: Verdict,
) -> Vec<&'b ComparedCase<'a>> {
    let mut found: Vec<_> = cases.iter().filter(|case| case.verdict == verdict).collect();
    if matches!(verdict, Verdict::Regressed | Verdict::Improved) {
        found.sort_by(|a, b| {
            b.fails().cmp(&a.fails()).then_with(|| b.distance().total_cmp(&a.distance()))
        });
    }
    if verdict == Verdict::Inconclusive {
        // What calls for a look stands first.
        found.sort_by_key(|case| !case.is_suspect());
    }
    found
}

/// The comparisons by case, in the order of ids.
pub(crate) fn compared_cases(record: &ComparisonRecord) -> Vec<ComparedCase<'_>> {
    let mut by_id: BTreeMap<&CaseId, Vec<&CaseComparison>> = BTreeMap::new();
    for comparison in &record.comparisons {
        by_id.entry(&comparison.id).or_default().push(comparison);
    }
    by_id.into_iter().filter_map(|(id, comparisons)| of_one(id, &comparisons)).collect()
}

fn of_one<'a>(id: &'a CaseId, comparisons: &[&'a CaseComparison]) -> Option<ComparedCase<'a>> {
    let time = comparisons.iter().find(|c| metric_name::is_main(&c.metric)).copied();
    let with = |verdict: Verdict| {
        let time = time.filter(|time| time.verdict == verdict);
        time.or_else(|| comparisons.iter().find(|c| c.verdict == verdict).copied())
    };
    let changed = with(Verdict::Regressed).or_else(|| with(Verdict::Improved));
    let undecided = || with(Verdict::Inconclusive).or_else(|| with(Verdict::NotComparable));
    let head = changed.or(time).or_else(undecided).or_else(|| comparisons.first().copied())?;
    let is_told = |c: &&CaseComparison| {
        // What stands in the evidence of the head is not told again.
        !c.evidence.is_empty() && c.evidence.iter().all(|line| head.evidence.contains(line))
    };
    let fails_alone = |c: &CaseComparison| c.fails() && !head.fails();
    let others = comparisons
        .iter()
        .copied()
        .filter(|c| !std::ptr::eq(*c, head))
        .filter(|c| c.verdict != Verdict::Equivalent && (fails_alone(c) || !is_told(c)))
        .collect();
    Some(ComparedCase { id, verdict: head.verdict, head, others })
}
