//! Metrics that do not depend on speed: the same figure again and again, compared as it is.

use super::words;
use crate::record::metric_name::{self, Nature};
use crate::record::{Better, Ratio, Unit, Verdict};

/// Where the figures of a side disagree, disjoint ranges convince from so many launches on that
/// they come about by chance this rarely, a side: of n and m values that all come from one source,
/// the n are the smallest once in (n + m over n). That is 8 and 8, so that a hundred cases that all
/// vary give a false call once in sixty comparisons.
const CHANCE_OF_DISJOINT: f64 = 2e-4;

/// What one side has shown of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    /// The median.
    pub(super) estimate: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    /// Launches that it was seen in.
    pub(super) launches: u32,
}

impl Seen {
    /// Of the values that launches have given; `None` where there is no finite one.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let estimate = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        Some(Self { estimate, low, high, launches: sorted.len() as u32 })
    }

    fn spread(self) -> f64 {
        self.high - self.low
    }
}

/// What came of comparing a metric by its values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exact {
    pub(crate) verdict: Verdict,
    /// Candidate over baseline; `None` where the baseline has none of it.
    pub(crate) ratio: Option<Ratio>,
    /// What moved, in words.
    pub(crate) evidence: Vec<String>,
    /// Whether further launches may change it: a difference may be chance as long as they are few,
    /// ranges that overlap do not come apart again.
    pub(crate) open: bool,
}

/// Whether the metric is one that repeats from process to process, or nearly so, as the peak of
/// resident memory does. What is computed from others, such as allocations for one item, would say
/// the same once more.
pub(crate) fn is_exact(metric: &str) -> bool {
    let is_deterministic =
        metric_name::describe(metric).is_some_and(|what| what.nature == Nature::Deterministic);
    (is_deterministic && !metric.ends_with("_per_op")) || metric == metric_name::PEAK_RSS
}

/// How a metric stands after a change, given what the launches of each side have shown; inconclusive
/// where a side has no figure.
pub(crate) fn compare_exact(metric: &str, baseline: &[f64], candidate: &[f64]) -> Exact {
    match (Seen::of(baseline), Seen::of(candidate)) {
        (Some(baseline), Some(candidate)) => compare_seen(metric, baseline, candidate),
        _ => {
            Exact { verdict: Verdict::Inconclusive, ratio: None, evidence: Vec::new(), open: true }
        }
    }
}

/// The same, of what is known of each side.
pub(super) fn compare_seen(metric: &str, baseline: Seen, candidate: Seen) -> Exact {
    let what = metric_name::describe(metric);
    let unit = what.map_or(Unit::One, |what| what.unit);
    let margin = margin(metric, unit, baseline.estimate);
    let is_steady = baseline.spread() <= margin && candidate.spread() <= margin;
    // That few launches agree says nothing of a metric that no machine repeats exactly.
    let repeats = is_steady && metric != metric_name::PEAK_RSS;
    let judged = judge(baseline, candidate, margin, repeats);
    Exact {
        verdict: judged.verdict(what.map_or(Better::Lower, |what| what.better)),
        ratio: ratio(baseline, candidate),
        evidence: evidence(metric, judged, baseline, candidate),
        open: match judged {
            Judged::Same => false,
            Judged::Overlapping => is_steady,
            Judged::More | Judged::Less | Judged::TooFew => true,
        },
    }
}

/// By how much a metric may differ and still be the same: counts and instructions by 0.5 %, bytes
/// by 1 %; resident memory by 10 %, since it depends on where memory lies. What is amortised over
/// many calls, such as a list that grows now and then, comes as a fraction that depends on their
/// number: less than a hundredth of a call, or one byte or instruction, is never a difference.
fn margin(metric: &str, unit: Unit, value: f64) -> f64 {
    let (share, least) = match unit {
        _ if metric == metric_name::PEAK_RSS => (0.1, 1.0),
        Unit::Bytes => (0.01, 1.0),
        _ if metric == metric_name::INSTRUCTIONS => (0.005, 1.0),
        _ => (0.005, 0.01),
    };
    (value.abs() * share).max(least)
}

/// What two sides say of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    Same,
    More,
    Less,
    /// The sides disagree with themselves, and their ranges overlap.
    Overlapping,
    /// The ranges are apart, but of too few launches.
    TooFew,
}

impl Judged {
    fn verdict(self, better: Better) -> Verdict {
        match (self, better) {
            (Self::Same, _) => Verdict::Equivalent,
            (Self::More, Better::Lower) | (Self::Less, Better::Higher) => Verdict::Regressed,
            (Self::More, Better::Higher) | (Self::Less, Better::Lower) => Verdict::Improved,
            (Self::Overlapping | Self::TooFew, _) => Verdict::Inconclusive,
        }
    }
}

/// `repeats`: launches of a side agree, and would again.
fn judge(baseline: Seen, candidate: Seen, margin: f64, repeats: bool) -> Judged {
    let farthest = (candidate.high - baseline.low).max(baseline.high - candidate.low);
    if farthest <= margin {
        return Judged::Same;
    }
    let change = candidate.estimate - baseline.estimate;
    let is_steady = baseline.spread() <= margin && candidate.spread() <= margin;
    if is_steady && change.abs() <= margin {
        return Judged::Same;
    }
    let apart = candidate.low > baseline.high || candidate.high < baseline.low;
    if !apart || change.abs() <= margin {
        return Judged::Overlapping;
    }
    if !repeats && chance_of_disjoint(baseline.launches, candidate.launches) > CHANCE_OF_DISJOINT {
        return Judged::TooFew;
    }
    if change > 0.0 { Judged::More } else { Judged::Less }
}

/// 1 / (n + m over n).
fn chance_of_disjoint(n: u32, m: u32) -> f64 {
    (1..=n).fold(1.0, |chance, i| chance * f64::from(i) / f64::from(m.saturating_add(i)))
}

/// Candidate over baseline; of nothing there is no ratio.
fn ratio(baseline: Seen, candidate: Seen) -> Option<Ratio> {
    let over = |a: f64, b: f64| Some(a / b).filter(|ratio| b > 0.0 && ratio.is_finite());
    let estimate = over(candidate.estimate, baseline.estimate)?;
    let varies = baseline.spread() > 0.0 || candidate.spread() > 0.0;
    let ends = over(candidate.low, baseline.high).zip(over(candidate.high, baseline.low));
    let ends = ends.filter(|_| varies);
    Some(Ratio {
        estimate,
        low: ends.map(|(low, _)| low),
        high: ends.map(|(_, high)| high),
        level: None,
    })
}

fn evidence(metric: &str, judged: Judged, baseline: Seen, candidate: Seen) -> Vec<String> {
    let ranges =
        || words::ranges(metric, (baseline.low, baseline.high), (candidate.low, candidate.high));
    match judged {
        Judged::Same => Vec::new(),
        Judged::More | Judged::Less => {
            vec![words::moved(metric, baseline.estimate, candidate.estimate)]
        }
        Judged::Overlapping => vec![format!("{}: the ranges overlap", ranges())],
        Judged::TooFew => vec![format!("{}: too few launches to tell", ranges())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(metric: &str, baseline: &[f64], candidate: &[f64]) -> (Verdict, Option<f64>) {
        let found = compare_exact(metric, baseline, candidate);
        (found.verdict, found.ratio.map(|ratio| ratio.estimate))
    }

    #[test]
    fn one_allocation_more_is_a_regression_and_one_less_an_improvement() {
        assert_eq!(compare("allocs", &[2.0; 5], &[3.0; 5]), (Verdict::Regressed, Some(1.5)));
        assert_eq!(compare("allocs", &[3.0], &[2.0]).0, Verdict::Improved);
        assert_eq!(compare("allocs", &[2.0], &[2.0]), (Verdict::Equivalent, Some(1.0)));
    }

    #[test]
    fn from_nothing_to_something_there_is_no_ratio() {
        assert_eq!(compare("allocs", &[0.0], &[1.0]), (Verdict::Regressed, None));
        assert_eq!(compare("allocs", &[1.0], &[0.0]), (Verdict::Improved, Some(0.0)));
        assert_eq!(compare("allocs", &[0.0], &[0.0]), (Verdict::Equivalent, None));
        assert_eq!(compare("leaked", &[0.0], &[0.5]).0, Verdict::Equivalent);
    }

    #[test]
    fn each_metric_has_its_margin() {
        assert_eq!(compare("allocs", &[1000.0], &[1004.0]).0, Verdict::Equivalent);
        assert_eq!(compare("allocs", &[1000.0], &[1006.0]).0, Verdict::Regressed);
        assert_eq!(compare("alloc_bytes", &[1000.0], &[1009.0]).0, Verdict::Equivalent);
        assert_eq!(compare("alloc_bytes", &[1000.0], &[1011.0]).0, Verdict::Regressed);
        assert_eq!(compare("instructions", &[100.0], &[101.0]).0, Verdict::Equivalent);
        assert_eq!(compare("instructions", &[1e6], &[1.006e6]).0, Verdict::Regressed);
        assert_eq!(compare("peak_live", &[1e6], &[1.009e6]).0, Verdict::Equivalent);
        assert_eq!(compare("peak_rss", &[1e6], &[1.09e6]).0, Verdict::Equivalent);
        // A list that grows once in a thousand calls.
        assert_eq!(compare("allocs", &[0.001], &[0.004]).0, Verdict::Equivalent);
    }

    #[test]
    fn figures_that_vary_are_compared_by_their_ranges() {
        let before = [16.0, 17.0, 18.0, 19.0, 16.0, 17.0, 18.0, 18.0];
        let overlapping = [17.0, 22.0, 20.0, 20.0, 21.0, 18.0, 20.0, 20.0];
        let apart = [21.0, 22.0, 23.0, 24.0, 21.0, 22.0, 22.0, 23.0];
        assert_eq!(compare("allocs", &before, &overlapping).0, Verdict::Inconclusive);
        assert_eq!(compare("allocs", &before, &apart).0, Verdict::Regressed);
        assert_eq!(compare("allocs", &apart, &before).0, Verdict::Improved);
        // Two values of each side are apart by chance once in six.
        assert_eq!(compare("allocs", &before[..2], &apart[..2]).0, Verdict::Inconclusive);
        assert_eq!(compare("allocs", &before[..7], &apart[..7]).0, Verdict::Inconclusive);
    }

    #[test]
    fn resident_memory_needs_launches_even_where_the_first_ones_agree() {
        let (before, after) = ([6.6e6, 6.61e6], [7.4e6, 7.41e6]);
        assert_eq!(compare("peak_live", &before, &after).0, Verdict::Regressed);
        assert_eq!(compare("peak_rss", &before, &after).0, Verdict::Inconclusive);
        assert_eq!(compare("peak_rss", &[6.6e6; 8], &[7.4e6; 8]).0, Verdict::Regressed);
        assert_eq!(compare("peak_rss", &[7.4e6; 8], &[6.6e6; 8]).0, Verdict::Improved);
    }

    #[test]
    fn ranges_that_overlap_are_not_looked_at_again_and_differences_are() {
        let open = |metric, old: &[f64], new: &[f64]| compare_exact(metric, old, new).open;
        assert!(!open("allocs", &[2.0], &[2.0]));
        assert!(open("allocs", &[2.0], &[3.0]));
        assert!(open("allocs", &[2.0, 2.0], &[3.0, 3.0]));
        assert!(open("peak_rss", &[6.6e6, 6.7e6], &[7.4e6, 7.5e6]));
        assert!(!open("peak_rss", &[6.6e6, 7.6e6], &[7.4e6, 7.9e6]));
        assert!(open("allocs", &[], &[2.0]));
    }

    #[test]
    fn only_what_does_not_depend_on_speed_repeats() {
        assert!(["allocs", "peak_live", "instructions", "read_calls"].iter().all(|m| is_exact(m)));
        let others = ["time", "allocs_per_op", "unheard_of"];
        assert!(!others.iter().any(|metric| is_exact(metric)));
        assert_eq!(compare("allocs", &[], &[2.0]).0, Verdict::Inconclusive);
        assert_eq!(compare("allocs", &[f64::NAN], &[2.0]).0, Verdict::Inconclusive);
        assert_eq!(compare("ipc", &[1.0], &[2.0]).0, Verdict::Improved);
    }

    #[test]
    fn the_chance_of_ranges_apart_is_that_of_the_smallest_ranks() {
        assert!((chance_of_disjoint(2, 2) - 1.0 / 6.0).abs() < 1e-12);
        assert!((chance_of_disjoint(6, 6) - 1.0 / 924.0).abs() < 1e-12);
    }
}
