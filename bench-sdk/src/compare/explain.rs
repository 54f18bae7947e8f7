//! What moved beside the time.

use super::words;
use crate::record::metric_name::{self, Nature};
use crate::record::{CaseComparison, Note, Verdict};

/// Code of the note on a time that moved alone.
const PLACEMENT: &str = "placement";
/// Code of the note on a time that moved while its allocations stayed, where nothing is known of
/// instructions.
const SAME_ALLOCATIONS: &str = "same_allocations";

/// Adds to a time that regressed or improved what else moved, given all comparisons of one case.
///
/// A time that moves while the instructions and the allocations of the case stay gets the note
/// `placement`: where the linker put the code, or how the processor takes it, may be all there is.
pub(crate) fn explain(comparisons: &mut [CaseComparison]) {
    let has_moved =
        |c: &CaseComparison| matches!(c.verdict, Verdict::Regressed | Verdict::Improved);
    let is_usage = |c: &&CaseComparison| {
        metric_name::describe(&c.metric).is_some_and(|what| what.nature != Nature::Speed)
    };
    let evidence: Vec<String> = comparisons
        .iter()
        .filter(is_usage)
        .filter(|comparison| has_moved(comparison))
        .filter_map(words::moved_of)
        .collect();
    let moved_alone = evidence.is_empty();
    let is_placement = moved_alone
        && stays(comparisons, metric_name::INSTRUCTIONS) == Some(true)
        && stays(comparisons, metric_name::ALLOCS) != Some(false);
    let same_allocations = moved_alone && stays(comparisons, metric_name::ALLOCS) == Some(true);
    let knows_instructions = stays(comparisons, metric_name::INSTRUCTIONS).is_some();
    let time = comparisons.iter_mut().find(|c| c.metric == metric_name::TIME);
    let Some(time) = time.filter(|time| has_moved(time)) else { return };
    for line in evidence {
        if !time.evidence.contains(&line) {
            time.evidence.push(line);
        }
    }
    if is_placement {
        remark(
            time,
            PLACEMENT,
            "instructions and allocations are the same: layout or microarchitecture?",
        );
    } else if same_allocations && !knows_instructions {
        remark(
            time,
            SAME_ALLOCATIONS,
            "allocations are the same; --instructions tells whether instructions are",
        );
    }
}

/// Adds a remark unless it stands there already.
fn remark(comparison: &mut CaseComparison, code: &str, text: &str) {
    if comparison.notes.iter().all(|note| note.code != code) {
        comparison.notes.push(Note::remark(code, text));
    }
}

/// Whether a metric of the case is the same on both sides, where it was compared.
fn stays(comparisons: &[CaseComparison], metric: &str) -> Option<bool> {
    let comparison = comparisons.iter().find(|comparison| comparison.metric == metric)?;
    Some(comparison.verdict == Verdict::Equivalent)
}

#[cfg(test)]
mod tests {
    use super::super::exact::compare_exact;
    use super::*;
    use crate::record::{Better, CaseId, Ratio, Unit};

    fn time(verdict: Verdict) -> CaseComparison {
        CaseComparison {
            id: CaseId::from("a::b"),
            metric: metric_name::TIME.to_owned(),
            unit: Unit::Nanoseconds,
            better: Better::Lower,
            verdict,
            threshold: None,
            ratio: Some(Ratio { estimate: 1.03, low: None, high: None, level: None }),
            baseline: Some(812.0),
            candidate: Some(837.0),
            launches: 14,
            e_value: Some(900.0),
            smallest_effect: None,
            announced: None,
            evidence: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn explained(verdict: Verdict, metrics: &[(&str, f64, f64)]) -> CaseComparison {
        let mut comparisons = vec![time(verdict)];
        comparisons.extend(metrics.iter().map(|(name, from, to)| {
            let exact = compare_exact(name, &[*from], &[*to]);
            let mut other = time(exact.verdict);
            (*name).clone_into(&mut other.metric);
            (other.baseline, other.candidate) = (Some(*from), Some(*to));
            other
        }));
        explain(&mut comparisons);
        explain(&mut comparisons);
        comparisons.swap_remove(0)
    }

    fn codes(comparison: &CaseComparison) -> Vec<&str> {
        comparison.notes.iter().map(|note| note.code.as_str()).collect()
    }

    #[test]
    fn what_moved_beside_the_time_is_told_once() {
        let found =
            explained(Verdict::Regressed, &[("allocs", 2.0, 3.0), ("instructions", 5e3, 5e3)]);
        assert_eq!(found.evidence, ["allocations 2 → 3 a call"]);
        assert_eq!(codes(&found), [""; 0]);
        assert_eq!(explained(Verdict::Equivalent, &[("allocs", 2.0, 3.0)]).evidence, [""; 0]);
    }

    #[test]
    fn a_time_that_moves_alone_may_be_placement() {
        let alone = [("instructions", 5e3, 5e3), ("allocs", 2.0, 2.0)];
        assert_eq!(codes(&explained(Verdict::Improved, &alone)), ["placement"]);
        assert_eq!(codes(&explained(Verdict::Improved, &alone[..1])), ["placement"]);
        // Without instructions nothing is known of the work done.
        assert_eq!(codes(&explained(Verdict::Improved, &alone[1..])), ["same_allocations"]);
        assert_eq!(codes(&explained(Verdict::Inconclusive, &alone)), [""; 0]);
    }
}
