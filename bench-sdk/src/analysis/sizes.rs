//! Whether cases of one benchmark take longer with more to do.

use std::collections::BTreeMap;

use super::validity::{TOUCHED_PER_NS, claim};
use super::words;
use crate::record::{CaseRecord, Counter, CounterKind, Note, Severity, Status, metric_name};

/// Sizes have to span this ratio to tell anything.
const SPAN: f64 = 8.0;
/// Items that are gone through in a nanosecond at most. For bytes it is the speed of the widest
/// loads; items are larger than that, as a rule.
const ITEMS_PER_NS: f64 = 200.0;
/// A growth smaller than this share of the time hides in what cases differ by anyway.
const VISIBLE: f64 = 0.05;
/// The same of an argument that seems to be a size, though nobody claims so.
const SIZE_PER_NS: f64 = 100.0;
/// There, growth has to be far longer than the time itself: a shift by 1 takes as long as one by 32.
const EVIDENT: f64 = 1.0;
/// And functions of constant time are legitimate; those that take longer than this do something.
const NOTHING_NS: f64 = 2.0;

/// Adds a note to the cases of each benchmark whose time ignores the size.
pub(crate) fn note_ignored_sizes(cases: &mut [CaseRecord]) {
    let mut benchmarks: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, case) in cases.iter().enumerate() {
        let has_time = matches!(case.status, Status::Measured | Status::BudgetFailed);
        if has_time && case.args.len() == 1 && case.metric(metric_name::TIME).is_some() {
            let key = (&case.crate_name, &case.group, &case.name, &case.types, case.threads);
            benchmarks.entry(key).or_default().push(at);
        }
    }
    let benchmarks: Vec<Vec<usize>> = benchmarks.into_values().collect();
    for indices in benchmarks {
        let members: Vec<&CaseRecord> = indices.iter().map(|at| &cases[*at]).collect();
        if let Some(text) = ignores_size(&members) {
            for at in indices {
                add(&mut cases[at], &text);
            }
        }
    }
}

/// What is said of cases whose time does not grow though it has to.
fn ignores_size(cases: &[&CaseRecord]) -> Option<String> {
    if let Some(claims) = Sizes::claimed(cases) {
        let (kind, most) = (claims.kind?, claims.kind_rate());
        return claims.are_ignored(cases, most, VISIBLE).then(|| {
            let claim = |count| words::claim(Counter { kind, count });
            format!(
                "{} whether it claims {} or {}: sizes do not matter to it, or the optimiser has \
                 removed the work; pass the input through `black_box` or take it from `inputs` \
                 (or the counter claims what an iteration does not touch)",
                words::time(longest(cases)),
                words::whole(claims.least),
                claim(claims.most),
            )
        });
    }
    let sizes = Sizes::of_arguments(cases)?;
    let ignored = longest(cases) <= NOTHING_NS && sizes.are_ignored(cases, SIZE_PER_NS, EVIDENT);
    ignored.then(|| {
        format!(
            "{} for {} as for {}: if more should take longer, the optimiser has removed the work; \
             pass the input through `black_box` or take it from `inputs`",
            words::time(longest(cases)),
            words::whole(sizes.least),
            words::whole(sizes.most),
        )
    })
}

/// The smallest and the largest amount among the cases.
struct Sizes {
    least: f64,
    most: f64,
    kind: Option<CounterKind>,
}

impl Sizes {
    /// What counters claim, where they claim different amounts of one thing.
    fn claimed(cases: &[&CaseRecord]) -> Option<Self> {
        let claims: Vec<Counter> =
            cases.iter().map(|case| claim(&case.counters)).collect::<Option<_>>()?;
        let kind = claims.first()?.kind;
        if claims.iter().any(|claim| claim.kind != kind) {
            return None;
        }
        let counts: Vec<f64> = claims.iter().map(|claim| claim.count).collect();
        Self::spanned(&counts, Some(kind))
    }

    /// Arguments that are whole numbers.
    fn of_arguments(cases: &[&CaseRecord]) -> Option<Self> {
        let number = |case: &&CaseRecord| Some(case.args.first()?.parse::<u64>().ok()? as f64);
        Self::spanned(&cases.iter().map(number).collect::<Option<Vec<f64>>>()?, None)
    }

    fn spanned(sizes: &[f64], kind: Option<CounterKind>) -> Option<Self> {
        let least = sizes.iter().copied().fold(f64::INFINITY, f64::min);
        let most = sizes.iter().copied().fold(0.0, f64::max);
        (most > 0.0 && most >= SPAN * least).then_some(Self { least, most, kind })
    }

    fn kind_rate(&self) -> f64 {
        match self.kind {
            Some(CounterKind::Bytes) => TOUCHED_PER_NS,
            _ => ITEMS_PER_NS,
        }
    }

    /// Whether times differ by less than the sizes make necessary at that many a nanosecond, where
    /// that is more than a share of the time.
    fn are_ignored(&self, cases: &[&CaseRecord], most_per_ns: f64, share: f64) -> bool {
        let needed_ns = (self.most - self.least) / most_per_ns;
        let metrics = || cases.iter().filter_map(|case| case.metric(metric_name::TIME));
        let low_ns = metrics()
            .map(|time| time.low.unwrap_or(time.estimate).min(time.estimate))
            .fold(f64::INFINITY, f64::min);
        let high_ns = metrics()
            .map(|time| time.high.unwrap_or(time.estimate).max(time.estimate))
            .fold(0.0, f64::max);
        needed_ns > share * longest(cases) && high_ns - low_ns < needed_ns
    }
}

/// The longest time of the cases, in nanoseconds.
fn longest(cases: &[&CaseRecord]) -> f64 {
    let times = cases.iter().filter_map(|case| case.metric(metric_name::TIME));
    times.map(|time| time.estimate).fold(0.0, f64::max)
}

fn add(case: &mut CaseRecord, text: &str) {
    if case.has_note("optimised_away") {
        return;
    }
    // That it is at the floor follows from it.
    for note in case.notes.iter_mut().filter(|note| note.code == "at_floor") {
        note.severity = Severity::Remark;
    }
    case.notes.insert(0, Note::warning("optimised_away", text));
    case.notes.sort_by_key(|note| std::cmp::Reverse(note.severity));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Metric;

    /// Cases of one benchmark: argument, claimed amount and time of each.
    fn cases(rows: &[(&str, Option<f64>, f64)]) -> Vec<CaseRecord> {
        let case = |(arg, items, ns): &(&str, Option<f64>, f64)| {
            let mut case: CaseRecord = serde_json::from_value(serde_json::json!({
                "id": format!("c::b[{arg}]"), "crate": "c", "group": "", "name": "b",
                "args": [arg], "tags": [], "source": { "file": "", "line": 0 },
                "status": "measured", "metrics": {}, "notes": [],
            }))
            .unwrap_or_else(|error| unreachable!("{error}"));
            case.counters = items
                .map(|count| Counter { kind: CounterKind::Items, count })
                .into_iter()
                .collect();
            let time = Metric::named(metric_name::TIME, *ns);
            case.metrics.extend(time.map(|time| (metric_name::TIME.to_owned(), time)));
            case
        };
        rows.iter().map(case).collect()
    }

    fn flagged(rows: &[(&str, Option<f64>, f64)]) -> bool {
        let mut cases = cases(rows);
        note_ignored_sizes(&mut cases);
        let flags: Vec<bool> = cases.iter().map(|case| case.has_note("optimised_away")).collect();
        assert!(flags.iter().all(|flag| *flag == flags[0]), "{flags:?}");
        flags[0]
    }

    #[test]
    fn a_claim_that_grows_needs_time_that_grows() {
        let sized = |n: f64, ns: f64| ("x", Some(n), ns);
        assert!(flagged(&[sized(1e3, 1_290.0), sized(2e4, 1_291.0), sized(4e5, 1_280.0)]));
        assert!(!flagged(&[sized(1e3, 1_290.0), sized(2e4, 3_000.0), sized(4e5, 60_000.0)]));
        // Less than eight times as many.
        assert!(!flagged(&[sized(1e5, 1_290.0), sized(7e5, 1_291.0)]));
        // A thousand more are nothing beside a round trip of 20 µs.
        assert!(!flagged(&[sized(10.0, 20_000.0), sized(1e3, 19_900.0)]));
    }

    #[test]
    fn constant_time_is_legitimate_where_nothing_is_claimed() {
        assert!(!flagged(&[("16", None, 6.5), ("256", None, 6.4), ("4096", None, 6.5)]));
        assert!(!flagged(&[("16", Some(1.0), 6.5), ("4096", Some(1.0), 6.5)]));
        assert!(!flagged(&[("small", None, 1.0), ("large", None, 1.0)]));
        // A shift by 1 or by 32 takes the same.
        assert!(!flagged(&[("1", None, 0.9), ("32", None, 0.9)]));
        assert!(flagged(&[("100", None, 1.1), ("10000", None, 1.1)]));
    }

    #[test]
    fn what_follows_from_it_is_said_no_louder() {
        let mut cases = cases(&[("100", None, 0.4), ("10000", None, 0.4)]);
        cases[0].notes = vec![Note::warning("at_floor", ""), Note::warning("noisy", "")];
        note_ignored_sizes(&mut cases);
        let notes: Vec<(&str, Severity)> =
            cases[0].notes.iter().map(|note| (note.code.as_str(), note.severity)).collect();
        let (warning, remark) = (Severity::Warning, Severity::Remark);
        let expected = [("optimised_away", warning), ("noisy", warning), ("at_floor", remark)];
        assert_eq!(notes, expected);
    }
}
