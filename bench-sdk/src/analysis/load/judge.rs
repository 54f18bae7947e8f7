//! Whether thresholds hold.

use super::figure::{Figure, figure};
use super::phases::length_ns;
use super::windows::Windows;
use crate::plan::load::{MILLISECOND, fits, is_bare, kind_words};
use crate::record::load::{
    Builtin, LoadPlan, MetricUnit, Operator, Threshold, ThresholdRecord, builtin,
};
use crate::stats::{Metrics, Series};

/// Judges all thresholds of the plan at that moment of the run, in the plan's order. Where one has a
/// window, `windows` has the last stretch of its series.
///
/// A metric without samples fails, except counts of what should not happen. Samples that did not
/// end count as longer than all that did.
pub(crate) fn judge(
    plan: &LoadPlan,
    totals: &Metrics,
    windows: &Windows,
    elapsed_ns: u64,
) -> Vec<ThresholdRecord> {
    let each = plan.thresholds.iter();
    each.map(|threshold| judge_one(plan, threshold, totals, windows, elapsed_ns)).collect()
}

/// Judges one threshold.
pub(super) fn judge_one(
    plan: &LoadPlan,
    threshold: &Threshold,
    totals: &Metrics,
    windows: &Windows,
    elapsed_ns: u64,
) -> ThresholdRecord {
    let key = threshold.series_key();
    let (series, length_ns) = match threshold.window_ns {
        Some(window) if window < elapsed_ns => (windows.last(&key, window, elapsed_ns), window),
        _ => (totals.get(&key).cloned(), length(plan, threshold, elapsed_ns)),
    };
    let series = series.or_else(|| never_happened(threshold));
    let figure = match &series {
        None => Figure::Absent,
        Some(series) => figure(threshold.aggregation, series, length_ns),
    };
    let limit = limit(threshold, series.as_ref());
    ThresholdRecord {
        metric: key,
        expression: threshold.expression.clone(),
        passed: figure.holds(threshold.operator, limit),
        value: figure.value(),
        samples: series.as_ref().map_or(0, Series::samples),
        note: note(plan, threshold, figure, series.as_ref()),
    }
}

/// Over how long a rate is taken.
fn length(plan: &LoadPlan, threshold: &Threshold, elapsed_ns: u64) -> u64 {
    let scenario = threshold.tags.get("scenario").map(String::as_str);
    threshold.phase.map_or(elapsed_ns, |phase| length_ns(plan, phase, scenario, elapsed_ns))
}

/// Counts of what should not happen are 0 where it did not: the run itself keeps them.
fn never_happened(threshold: &Threshold) -> Option<Series> {
    let metric = builtin(&threshold.metric)?;
    matches!(metric, Builtin::DroppedIterations | Builtin::InterruptedIterations)
        .then(|| Series::empty(metric.kind(), metric.unit()))
}

/// The limit in the unit of the series: a bare number on a metric of the user's, which is known only
/// now, is one of milliseconds where that is a time.
fn limit(threshold: &Threshold, series: Option<&Series>) -> f64 {
    let is_own = builtin(&threshold.metric).is_none();
    let is_time = series.is_some_and(|series| series.unit() == MetricUnit::Nanoseconds);
    if is_own && is_time && is_bare(&threshold.expression) {
        return threshold.value * MILLISECOND;
    }
    threshold.value
}

fn note(
    plan: &LoadPlan,
    threshold: &Threshold,
    figure: Figure,
    series: Option<&Series>,
) -> Option<String> {
    let censored = match series {
        Some(Series::Trend { values, .. }) => values.censored(),
        _ => 0,
    };
    match figure {
        Figure::Absent if threshold.window_ns.is_some() => {
            Some("no samples in the last window, so there is nothing that could hold".to_owned())
        }
        Figure::Absent => Some("no samples, so there is nothing that could hold".to_owned()),
        Figure::Unfit => series
            .filter(|series| !fits(series.kind(), threshold.aggregation))
            .map(|series| format!("the metric turned out to be {}", kind_words(series.kind()))),
        Figure::Beyond(_) => {
            Some(format!("longer than anything that ended: {censored} were dropped or interrupted"))
        }
        Figure::AtLeast(_) => Some(format!(
            "at least that: {censored} were dropped or interrupted, and count as the longest"
        )),
        Figure::Known(_) => service_time(plan, threshold),
    }
}

/// In an open model `http_req_duration` leaves out how long a request waited for its turn.
fn service_time(plan: &LoadPlan, threshold: &Threshold) -> Option<String> {
    let is_service = matches!(
        builtin(&threshold.metric),
        Some(Builtin::HttpReqDuration | Builtin::HttpReqWaiting | Builtin::IterationDuration)
    );
    let scenario = threshold.tags.get("scenario");
    let counted = |name: &String| scenario.is_none_or(|only| only == name);
    let is_open = plan.scenarios.iter().any(|s| counted(&s.name) && s.executor.is_open());
    (is_service && is_open).then(|| {
        "service time: it leaves out waiting for a free user; `response` is what users feel"
            .to_owned()
    })
}

/// Why a run is not passed; `None` where nothing speaks against it. Nothing that ended, or nothing
/// that did not fail, is never passed, whatever its thresholds say.
pub(crate) fn why_not_passed(thresholds: &[ThresholdRecord], totals: &Metrics) -> Option<String> {
    let counted = |metric: Builtin| totals.get(metric.name());
    let ended = counted(Builtin::Iterations).map_or(0, Series::samples);
    if ended == 0 {
        return Some("no iteration ended".to_owned());
    }
    if let Some(all) = all_failed(totals, Builtin::HttpReqFailed) {
        return Some(format!("every request failed, {all} of {all}"));
    }
    if let Some(all) = all_failed(totals, Builtin::IterationFailed) {
        return Some(format!("every iteration failed, {all} of {all}"));
    }
    let failed = thresholds.iter().filter(|threshold| !threshold.passed).count();
    (failed > 0).then(|| format!("{failed} of {} thresholds failed", thresholds.len()))
}

/// How many there were, where that rate says of all that they failed.
pub(super) fn all_failed(totals: &Metrics, metric: Builtin) -> Option<u64> {
    match totals.get(metric.name())? {
        Series::Rate { passes, samples } if *samples > 0 && passes == samples => Some(*samples),
        _ => None,
    }
}

/// The failed threshold in words: `http_req_duration: p(95)<500 does not hold`.
pub(super) fn crossed(record: &ThresholdRecord) -> String {
    format!("threshold {}: {} does not hold", record.metric, record.expression)
}

/// Whether a figure that grows with time alone can still come to hold: `count > 1000`.
pub(super) fn may_still_hold(threshold: &Threshold, totals: &Metrics) -> bool {
    let grows = matches!(totals.get(&threshold.series_key()), Some(Series::Counter { .. }));
    let upwards = matches!(threshold.operator, Operator::Greater | Operator::GreaterOrEqual);
    grows && upwards && threshold.aggregation == crate::record::load::Aggregation::Count
}
