//! Changes in words.

use crate::record::units::figure;
use crate::record::{CaseComparison, Metric, metric_name};

/// What people call the metric, and whether it is told of one call: `allocations`, `a call`.
pub(super) fn noun(metric: &str) -> (&str, bool) {
    match metric {
        metric_name::ALLOCS => ("allocations", true),
        metric_name::ALLOC_BYTES => ("memory allocated", true),
        metric_name::FREES => ("frees", true),
        metric_name::PEAK_LIVE => ("peak of live memory", false),
        metric_name::LEAKED => ("memory left behind", true),
        metric_name::IO_READ => ("bytes read", true),
        metric_name::IO_WRITTEN => ("bytes written", true),
        metric_name::READ_CALLS => ("calls of read", true),
        metric_name::WRITE_CALLS => ("calls of write", true),
        metric_name::INSTRUCTIONS => ("instructions", true),
        metric_name::PEAK_RSS => ("peak of resident memory", false),
        metric_name::RSS_GROWTH => ("growth of resident memory", false),
        other => (other, false),
    }
}

/// `allocations 2 → 3 a call`.
pub(super) fn moved(metric: &str, from: f64, to: f64) -> String {
    let (noun, is_of_a_call) = noun(metric);
    let (from, to) = (shown(metric, from, to), shown(metric, to, from));
    let end = if is_of_a_call { " a call" } else { "" };
    format!("{noun} {from} → {to}{end}")
}

/// The change of a metric that was compared; `None` where a figure is missing.
pub(super) fn moved_of(comparison: &CaseComparison) -> Option<String> {
    Some(moved(&comparison.metric, comparison.baseline?, comparison.candidate?))
}

/// `allocations 16 to 19 → 17 to 22 a call: the ranges overlap`, without the part after the colon.
pub(super) fn ranges(metric: &str, from: (f64, f64), to: (f64, f64)) -> String {
    let (noun, is_of_a_call) = noun(metric);
    let range = |(low, high): (f64, f64)| {
        let (low, high) = (shown(metric, low, high), shown(metric, high, low));
        if low == high { low } else { format!("{low} to {high}") }
    };
    let end = if is_of_a_call { " a call" } else { "" };
    format!("{noun} {} → {}{end}", range(from), range(to))
}

/// The first figure, with the digits that tell it from the second.
fn shown(metric: &str, value: f64, other: f64) -> String {
    let Some(what) = metric_name::describe(metric) else {
        return format!("{value}");
    };
    let mut figures = Metric::point(what.unit, what.better, value);
    let half_width = ((value - other).abs() / 10.0).min(value.abs() / 200.0);
    (figures.low, figures.high) = (Some(value - half_width), Some(value + half_width));
    figure(metric, &figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_with_their_units() {
        assert_eq!(moved("allocs", 2.0, 3.0), "allocations 2 → 3 a call");
        assert_eq!(moved("alloc_bytes", 64.0, 2_048.0), "memory allocated 64 B → 2.05 kB a call");
        assert_eq!(moved("peak_live", 1e6, 1.2e6), "peak of live memory 1.00 MB → 1.20 MB");
        assert_eq!(moved("frees", 0.0, 0.5), "frees 0 → 0.500 a call");
        assert_eq!(
            ranges("allocs", (16.0, 19.0), (17.0, 17.0)),
            "allocations 16 to 19 → 17 a call"
        );
    }
}
