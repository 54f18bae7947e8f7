//! The JSON of k6's `--summary-export`, for scripts that read it.
//!
//! Facts from k6's `summary-wrapper.js` (`oldJSONSummary`): figures of a metric stand beside its
//! `thresholds`, in which `true` means failed; the share of a rate is called `value`.

use std::collections::BTreeMap;

use super::order::in_order;
use crate::record::load::{LoadRecord, MetricKind, MetricRecord, MetricUnit, TrendSummary};
use crate::report::json_text::Object;

/// k6 counts time in milliseconds.
const NS_A_MS: f64 = 1e6;

/// `{"root_group":{..},"metrics":{NAME:{"avg",..,"thresholds":{EXPRESSION:true}}}}`. A percentile
/// among what did not end is absent: there is no figure that would not be too small.
pub(super) fn render_k6_summary(record: &LoadRecord) -> String {
    let mut thresholds: BTreeMap<&str, Vec<(&str, bool)>> = BTreeMap::new();
    for threshold in &record.thresholds {
        let of_metric = thresholds.entry(&threshold.metric).or_default();
        // A key that is there twice is no JSON that readers agree about: failed once is failed.
        match of_metric.iter_mut().find(|(known, _)| *known == threshold.expression) {
            Some((_, failed)) => *failed |= !threshold.passed,
            None => of_metric.push((&threshold.expression, !threshold.passed)),
        }
    }
    let mut metrics = Object::new();
    for (_, name, metric) in in_order(&record.metrics) {
        let object = with_thresholds(figures(metric), thresholds.remove(name).as_deref());
        metrics = metrics.raw(name, &object.end());
    }
    // Without samples there is no metric, and the thresholds have failed.
    for (name, of_metric) in &thresholds {
        metrics = metrics.raw(name, &with_thresholds(Object::new(), Some(of_metric)).end());
    }
    let summary =
        Object::new().raw("root_group", &root_group(record)).raw("metrics", &metrics.end());
    summary.end() + "\n"
}

fn with_thresholds(object: Object, thresholds: Option<&[(&str, bool)]>) -> Object {
    let Some(thresholds) = thresholds else { return object };
    let judged = thresholds.iter().fold(Object::new(), |object, (expression, failed)| {
        object.raw(expression, if *failed { "true" } else { "false" })
    });
    object.raw("thresholds", &judged.end())
}

fn figures(metric: &MetricRecord) -> Object {
    let object = Object::new();
    match (metric.kind, &metric.trend) {
        (MetricKind::Trend, Some(trend)) => trend_figures(metric.unit, trend),
        (MetricKind::Trend, None) => object,
        (MetricKind::Counter, _) => object
            .number("count", metric.value.unwrap_or(0.0))
            .number("rate", metric.per_second.unwrap_or(0.0)),
        (MetricKind::Gauge, _) => {
            let object = object.number("value", metric.value.unwrap_or(f64::NAN));
            let (least, greatest) = metric.range.unwrap_or((f64::NAN, f64::NAN));
            object.number("min", least).number("max", greatest)
        }
        (MetricKind::Rate, _) => {
            let passes = metric.passes.unwrap_or(0);
            object
                .number("value", metric.value.unwrap_or(0.0))
                .count("passes", passes as usize)
                .count("fails", metric.samples.saturating_sub(passes) as usize)
        }
    }
}

fn trend_figures(unit: MetricUnit, trend: &TrendSummary) -> Object {
    let divisor = if unit == MetricUnit::Nanoseconds { NS_A_MS } else { 1.0 };
    let figures = [
        ("avg", Some(trend.avg)),
        ("min", Some(trend.min)),
        ("med", trend.med),
        ("max", Some(trend.max)),
        ("p(90)", trend.p90),
        ("p(95)", trend.p95),
        ("p(99)", trend.p99),
    ];
    let known = figures.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    known.fold(Object::new(), |object, (name, value)| object.number(name, value / divisor))
}

/// Checks by name; there are no groups.
fn root_group(record: &LoadRecord) -> String {
    let checks = record.checks.iter().fold(Object::new(), |object, check| {
        let of_check = Object::new()
            .text("name", &check.name)
            .text("path", &format!("::{}", check.name))
            .count("passes", check.passes as usize)
            .count("fails", check.fails as usize);
        object.raw(&check.name, &of_check.end())
    });
    Object::new()
        .text("name", "")
        .text("path", "")
        .raw("groups", "{}")
        .raw("checks", &checks.end())
        .end()
}
