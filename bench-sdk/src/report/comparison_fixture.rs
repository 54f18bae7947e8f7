//! Invented comparisons for the tests of this layer.

use crate::record::{
    Better, BrokenCase, COMPARISON_SCHEMA, CaseComparison, CaseId, ComparisonRecord, Method, Note,
    Ratio, Rules, Side, SideRecord, Unit, Verdict, metric_name,
};

/// Time of a case: per cent of change with its interval, and both times in nanoseconds.
pub(crate) fn time(
    id: &str,
    verdict: Verdict,
    percent: [f64; 3],
    (from, to): (f64, f64),
) -> CaseComparison {
    let [estimate, low, high] = percent.map(|percent| 1.0 + percent / 100.0);
    let ratio = Ratio { estimate, low: Some(low), high: Some(high), level: Some(0.995) };
    let mut comparison = metric(id, metric_name::TIME, verdict, (from, to));
    comparison.ratio = Some(ratio);
    comparison.launches = 14;
    comparison
}

/// An exact metric of a case.
pub(crate) fn metric(
    id: &str,
    name: &str,
    verdict: Verdict,
    (from, to): (f64, f64),
) -> CaseComparison {
    let (unit, better) = metric_name::describe(name)
        .map_or((Unit::One, Better::Lower), |what| (what.unit, what.better));
    let estimate = (from > 0.0).then(|| to / from);
    CaseComparison {
        id: CaseId::from(id),
        metric: name.to_owned(),
        unit,
        better,
        verdict,
        threshold: None,
        ratio: estimate.map(|estimate| Ratio { estimate, low: None, high: None, level: None }),
        baseline: Some(from),
        candidate: Some(to),
        launches: 8,
        e_value: None,
        smallest_effect: None,
        announced: None,
        evidence: Vec::new(),
        notes: Vec::new(),
    }
}

/// A paired comparison that took 19 s.
pub(crate) fn compared(comparisons: Vec<CaseComparison>) -> ComparisonRecord {
    ComparisonRecord {
        schema: COMPARISON_SCHEMA,
        method: Method::Paired,
        baseline: SideRecord {
            name: "HEAD~1".to_owned(),
            commit: Some("4b1c2d9e8f00".to_owned()),
            ..SideRecord::default()
        },
        candidate: SideRecord { name: "working tree".to_owned(), ..SideRecord::default() },
        rules: Rules::default(),
        duration_ns: 19_200_000_000,
        comparisons,
        only_in_baseline: Vec::new(),
        only_in_candidate: Vec::new(),
        broken: Vec::new(),
        interrupted: false,
        notes: Vec::new(),
    }
}

/// The gate of the documentation.
pub(crate) fn hub_gate() -> ComparisonRecord {
    let mut push =
        time("hub_tasks::queue::push[1000]", Verdict::Regressed, [3.1, 2.7, 3.5], (812.0, 837.2));
    push.evidence = vec!["allocations 2 → 3 a call".to_owned()];
    let mut allocs =
        metric("hub_tasks::queue::push[1000]", "allocs", Verdict::Regressed, (2.0, 3.0));
    allocs.evidence.clone_from(&push.evidence);
    let forward =
        time("hub_neural::forward[64x64]", Verdict::Improved, [-6.4, -6.9, -6.0], (2310.0, 2162.0));
    let mut broadcast = time(
        "hub_swarm::broadcast{t=2}",
        Verdict::Inconclusive,
        [0.9, -2.8, 4.1],
        (41_700.0, 42_075.0),
    );
    broadcast.smallest_effect = Some(0.041);
    let mut ingest =
        time("hub_data::ingest[1M]", Verdict::Inconclusive, [-0.2, -1.6, 1.3], (9.1e6, 9.08e6));
    ingest.smallest_effect = Some(0.016);
    let mut comparisons = vec![ingest, forward, broadcast, push, allocs];
    comparisons.extend((0..27).map(|n| {
        let id = format!("hub_agents::registry::find[{n}]");
        time(&id, Verdict::Equivalent, [0.1, -0.2, 0.3], (96.1, 96.2))
    }));
    compared(comparisons)
}

/// A comparison in which nearly everything that can happen happens.
pub(crate) fn mixed_gate() -> ComparisonRecord {
    let mut slow = time("a::slow", Verdict::Regressed, [12.0, 11.0, 13.0], (100.0, 112.0));
    slow.notes.push(Note::remark(
        "placement",
        "instructions and allocations are the same: layout or microarchitecture?",
    ));
    let resident = metric("a::slow", "peak_rss", Verdict::Inconclusive, (1.2e6, 1.4e6));
    let fewer = metric("a::slow", "allocs", Verdict::Improved, (4.0, 2.0));
    let same = time("a::same", Verdict::Equivalent, [0.0, -0.1, 0.1], (50.0, 50.0));
    let mut leaks = metric("a::same", "leaked", Verdict::Regressed, (0.0, 64.0));
    leaks.evidence = vec!["memory left behind 0 B → 64 B a call".to_owned()];
    let mut unseen = metric("a::unseen", "time", Verdict::Inconclusive, (1e9, 1e9));
    (unseen.launches, unseen.ratio) = (3, None);
    let mut other = metric("a::other", "time", Verdict::NotComparable, (1.0, 2.0));
    other.evidence = vec!["the processor differs: AMD EPYC → Intel Xeon".to_owned()];
    let huge = time("a::huge", Verdict::Regressed, [1140.0, 1050.0, 1190.0], (1e3, 12.4e3));
    let mut record = compared(vec![huge, other, same, leaks, slow, resident, fewer, unseen]);
    record.only_in_baseline = vec![CaseId::from("a::gone")];
    record.only_in_candidate = vec![CaseId::from("a::new[1]"), CaseId::from("a::new[2]")];
    record.broken.push(BrokenCase {
        id: CaseId::from("a::broken"),
        side: Side::Candidate,
        message: "panicked: index out of bounds\nat src/lib.rs:12".to_owned(),
    });
    record.notes.push(Note::warning(
        "relinked",
        "both sides were linked apart: differences of this size may be placement",
    ));
    record
}
