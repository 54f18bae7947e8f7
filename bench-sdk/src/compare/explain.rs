//! What moved beside the time.

use crate::record::{CaseComparison, Note, Verdict, metric_name};

/// Metrics that explain a time that moved, the most telling first.
const TELLING: [&str; 6] = [
    metric_name::ALLOCS,
    metric_name::ALLOC_BYTES,
    metric_name::INSTRUCTIONS,
    metric_name::PEAK_LIVE,
    metric_name::IO_READ,
    metric_name::IO_WRITTEN,
];

/// Adds to a time that moved what else did, given everything that was compared of one case. Where
/// instructions and allocations stayed as they were, the cause is likely not in the source.
pub(crate) fn explain(comparisons: &mut [CaseComparison]) {
    let moved = |verdict| matches!(verdict, Verdict::Regressed | Verdict::Improved);
    let find = |name: &str| comparisons.iter().find(|c| c.metric == name);
    let Some(time) = comparisons.iter().position(|c| c.metric == metric_name::TIME) else { return };
    if !moved(comparisons[time].verdict) {
        return;
    }
    let telling = TELLING.iter().filter_map(|name| find(name)).filter(|c| moved(c.verdict));
    let evidence: Vec<String> = telling.flat_map(|c| c.evidence.iter().cloned()).collect();
    let stayed = |name: &str| find(name).is_some_and(|other| other.verdict == Verdict::Equivalent);
    let placed = evidence.is_empty() && stayed(metric_name::INSTRUCTIONS);
    let same_allocations = evidence.is_empty() && stayed(metric_name::ALLOCS);
    let time = &mut comparisons[time];
    time.evidence.extend(evidence);
    if placed {
        time.notes.push(Note::remark(
            "placement",
            "neither instructions nor allocations changed: layout or microarchitecture?",
        ));
    } else if same_allocations {
        time.notes.push(Note::remark(
            "same_allocations",
            "allocations did not change; --instructions tells whether instructions did",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Better, CaseId, Unit};

    fn comparison(metric: &str, verdict: Verdict, evidence: &str) -> CaseComparison {
        CaseComparison {
            id: CaseId::from("a"),
            metric: metric.to_owned(),
            unit: Unit::One,
            better: Better::Lower,
            verdict,
            threshold: None,
            ratio: None,
            baseline: None,
            candidate: None,
            launches: 1,
            e_value: None,
            smallest_effect: None,
            announced: None,
            evidence: vec![evidence.to_owned()],
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_time_is_printed_with_what_moved_beside_it() {
        let mut all = [
            comparison("time", Verdict::Regressed, "12 of 12 launches slower"),
            comparison("allocs", Verdict::Regressed, "allocations 2 → 3 a call"),
            comparison("frees", Verdict::Regressed, "not told"),
        ];
        explain(&mut all);
        assert_eq!(all[0].evidence, ["12 of 12 launches slower", "allocations 2 → 3 a call"]);
        assert!(all[0].notes.is_empty());
    }

    #[test]
    fn without_a_cause_in_the_counts_placement_is_suspected() {
        let mut all = [
            comparison("time", Verdict::Regressed, "x"),
            comparison("allocs", Verdict::Equivalent, ""),
            comparison("instructions", Verdict::Equivalent, ""),
        ];
        explain(&mut all);
        assert_eq!(all[0].notes[0].code, "placement");
        let mut steady = [comparison("time", Verdict::Equivalent, ""), all[2].clone()];
        explain(&mut steady);
        assert!(steady[0].notes.is_empty());
    }
}
