//! Metrics that repeat from process to process, compared by their values.

use crate::record::metric_name::{self, describe};
use crate::record::{Better, Metric, Ratio, Unit, Verdict, units};
use crate::stats::median;

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exact {
    pub(crate) verdict: Verdict,
    /// Candidate over baseline; `None` where the baseline has none of it.
    pub(crate) ratio: Option<Ratio>,
    pub(crate) evidence: Vec<String>,
}

/// Compares the values that each side's processes had. A change counts where it exceeds the margin
/// of the metric and no value of one side lies among those of the other; where the sides overlap,
/// the metric does not repeat well enough to tell.
pub(crate) fn compare_exact(name: &str, baseline: &[f64], candidate: &[f64]) -> Exact {
    let (Some(before), Some(after)) = (median(baseline), median(candidate)) else {
        return Exact { verdict: Verdict::Inconclusive, ratio: None, evidence: Vec::new() };
    };
    let ratio = ratio(baseline, candidate, before, after);
    if is_small(name, before, after) {
        return Exact { verdict: Verdict::Equivalent, ratio, evidence: Vec::new() };
    }
    let (old, new) = (range(baseline), range(candidate));
    let evidence = vec![format!(
        "{} {} → {}{}",
        words(name),
        shown(name, before),
        shown(name, after),
        each(name)
    )];
    let verdict = if old.1 >= new.0 && new.1 >= old.0 {
        Verdict::Inconclusive
    } else if (after > before) == (better(name) == Better::Lower) {
        Verdict::Regressed
    } else {
        Verdict::Improved
    };
    Exact { verdict, ratio, evidence }
}

/// The smallest change that matters, as a ratio of the baseline. Counts repeat to the unit but where
/// code is seeded at random, as hash maps are; resident memory depends on where memory lies.
fn margin(name: &str) -> f64 {
    match name {
        metric_name::PEAK_RSS => 0.1,
        metric_name::ALLOC_BYTES | metric_name::PEAK_LIVE => 0.01,
        metric_name::LEAKED => 0.05,
        _ => 0.005,
    }
}

/// Whether the change is within the margin. Half of a unit is less than any count can change by, but
/// a mean over iterations of an amortised cost may hold such a fraction.
fn is_small(name: &str, before: f64, after: f64) -> bool {
    let change = (after - before).abs();
    change <= margin(name) * before.abs().max(after.abs()) || change < 1e-9
}

fn better(name: &str) -> Better {
    describe(name).map_or(Better::Lower, |metric| metric.better)
}

fn range(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    (least, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Of the medians; its ends are those of the values, where these are not all the same.
fn ratio(baseline: &[f64], candidate: &[f64], before: f64, after: f64) -> Option<Ratio> {
    let estimate = after / before;
    if before <= 0.0 || !estimate.is_finite() {
        return None;
    }
    let (old, new) = (range(baseline), range(candidate));
    let (low, high) = (new.0 / old.1, new.1 / old.0);
    let known = low.is_finite() && high.is_finite();
    Some(Ratio { estimate, low: known.then_some(low), high: known.then_some(high), level: None })
}

/// The value as people read it.
fn shown(name: &str, value: f64) -> String {
    let what = describe(name);
    let unit = what.map_or(Unit::One, |what| what.unit);
    units::figure(name, &Metric::point(unit, better(name), value))
}

/// What is counted, in words.
fn words(name: &str) -> String {
    match name {
        metric_name::ALLOCS => "allocations".to_owned(),
        metric_name::ALLOC_BYTES => "allocated".to_owned(),
        metric_name::FREES => "allocations given back".to_owned(),
        metric_name::PEAK_LIVE => "most allocated at a time".to_owned(),
        metric_name::PEAK_RSS => "resident memory at most".to_owned(),
        metric_name::LEAKED => "left allocated".to_owned(),
        other => other.replace('_', " "),
    }
}

/// What an amount is for, where it is for an iteration.
fn each(name: &str) -> &'static str {
    let of_a_whole = [metric_name::PEAK_LIVE, metric_name::PEAK_RSS].contains(&name);
    if of_a_whole { "" } else { " a call" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(name: &str, baseline: &[f64], candidate: &[f64]) -> Verdict {
        compare_exact(name, baseline, candidate).verdict
    }

    #[test]
    fn one_more_is_more_and_is_told() {
        let more = compare_exact("allocs", &[2.0], &[3.0]);
        assert_eq!(more.verdict, Verdict::Regressed);
        assert_eq!(more.evidence, ["allocations 2 → 3 a call"]);
        assert_eq!(more.ratio.map(|ratio| ratio.estimate), Some(1.5));
        assert_eq!(verdict("allocs", &[3.0], &[2.0]), Verdict::Improved);
        assert_eq!(verdict("allocs", &[3.0], &[3.0]), Verdict::Equivalent);
        assert_eq!(verdict("ipc", &[1.0], &[2.0]), Verdict::Improved);
    }

    #[test]
    fn margins_let_little_things_through() {
        assert_eq!(verdict("alloc_bytes", &[1000.0], &[1009.0]), Verdict::Equivalent);
        assert_eq!(verdict("alloc_bytes", &[1000.0], &[1011.0]), Verdict::Regressed);
        assert_eq!(verdict("allocs", &[1000.0], &[1004.0]), Verdict::Equivalent);
        assert_eq!(verdict("peak_rss", &[1e6], &[1.09e6]), Verdict::Equivalent);
    }

    #[test]
    fn from_nothing_there_is_no_ratio() {
        let new = compare_exact("allocs", &[0.0], &[1.0]);
        assert_eq!((new.verdict, new.ratio), (Verdict::Regressed, None));
        assert_eq!(verdict("allocs", &[0.0], &[0.0]), Verdict::Equivalent);
    }

    #[test]
    fn sides_that_overlap_tell_nothing() {
        let seeded = compare_exact("allocs", &[10.0, 12.0, 14.0], &[13.0, 15.0, 16.0]);
        assert_eq!(seeded.verdict, Verdict::Inconclusive);
        assert_eq!(verdict("allocs", &[10.0, 11.0], &[13.0, 15.0]), Verdict::Regressed);
        assert_eq!(verdict("allocs", &[], &[13.0]), Verdict::Inconclusive);
    }
}
