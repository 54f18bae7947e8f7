//! The figures of a case that leave for programs which follow them over time.
//!
//! A resource vector has some fifty, and most of them say little on their own; a tool that draws a
//! course and raises an alarm for each would drown what matters.

use crate::record::metric_name as name;
use crate::record::{CaseRecord, Metric, Status, Unit};

/// Times and costs: less is better.
pub(super) const COSTS: &[&str] = &[
    name::TIME,
    name::TIME_P99,
    name::ALLOCS,
    name::ALLOC_BYTES,
    name::PEAK_LIVE,
    name::PEAK_RSS,
    name::INSTRUCTIONS,
];
/// Rates: more is better.
pub(super) const RATES: &[&str] = &[
    name::THROUGHPUT_ITEMS,
    name::THROUGHPUT_BYTES,
    name::THROUGHPUT_CHARS,
    name::THROUGHPUT_CYCLES,
];

/// Whether the case has figures that mean something.
pub(super) fn has_figures(case: &CaseRecord) -> bool {
    matches!(case.status, Status::Measured | Status::BudgetFailed)
}

/// Those of the named metrics that the case has, in that order; before costs what it measures instead
/// of time.
pub(super) fn tracked<'a>(
    case: &'a CaseRecord,
    names: &'static [&'static str],
) -> impl Iterator<Item = (&'a str, &'a Metric)> {
    let names = if has_figures(case) { names } else { &[] };
    let of_own = |(found, metric): (&'a String, &'a Metric)| {
        (names.contains(&name::TIME) && name::is_custom(found)).then_some((found.as_str(), metric))
    };
    let usual = names.iter().filter_map(|name| Some((*name, case.metric(name)?)));
    let found = case.metrics.iter().filter_map(of_own).chain(usual);
    found.filter(|(_, metric)| metric.estimate.is_finite())
}

/// Both ends of the interval, where there is one.
pub(super) fn interval(metric: &Metric) -> Option<(f64, f64)> {
    let ends = metric.low.zip(metric.high);
    ends.filter(|(low, high)| low.is_finite() && high.is_finite())
}

/// The words for the unit of a figure that stands alone.
pub(super) fn unit_words<'a>(metric_name: &'a str, metric: &Metric) -> &'a str {
    match metric_name {
        custom if name::is_custom(custom) && metric.unit == Unit::One => {
            custom.trim_start_matches("custom_")
        }
        name::THROUGHPUT_ITEMS => "items/s",
        name::THROUGHPUT_CHARS => "chars/s",
        name::THROUGHPUT_CYCLES => "cycles/s",
        name::ALLOCS | name::INSTRUCTIONS => metric_name,
        _ => metric.unit.symbol(),
    }
}
