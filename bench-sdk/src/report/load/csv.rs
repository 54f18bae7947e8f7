//! Load tests for spreadsheets: a row for each metric, or a row for each tick.

use super::order::in_order;
use super::words::kind_word;
use crate::record::load::{LoadRecord, MetricKind, MetricRecord, MetricUnit, Phase, Tick};
use crate::report::csv::{push_row, text};
use crate::report::json_text::number;

const METRICS: [&str; 22] = [
    "run",
    "started_at",
    "test",
    "test_kind",
    "passed",
    "metric",
    "kind",
    "unit",
    "samples",
    "value",
    "per_second",
    "passes",
    "least",
    "greatest",
    "min",
    "avg",
    "med",
    "p90",
    "p95",
    "p99",
    "max",
    "censored",
];

const TICKS: [&str; 24] = [
    "run",
    "test",
    "at_ns",
    "length_ns",
    "phase",
    "planned",
    "vus",
    "in_flight",
    "iterations",
    "failed",
    "dropped",
    "requests",
    "requests_failed",
    "p50_ns",
    "p95_ns",
    "p99_ns",
    "lateness_p99_ns",
    "received",
    "sent",
    "generator_cpu_ns",
    "generator_rss",
    "target_cpu_ns",
    "target_rss",
    "target_descriptors",
];

/// A row for each metric, with the cells that its kind has.
pub(super) fn render_csv(record: &LoadRecord) -> String {
    let mut out = String::new();
    push_row(&mut out, &METRICS.map(str::to_owned));
    for (_, name, metric) in in_order(&record.metrics) {
        let mut cells = vec![
            text(&record.run.id),
            text(&record.run.started_at),
            text(&record.plan.name),
            kind_word(record.plan.kind).to_owned(),
            record.run.passed.to_string(),
            text(name),
        ];
        cells.extend(metric_cells(metric));
        push_row(&mut out, &cells);
    }
    out
}

fn metric_cells(metric: &MetricRecord) -> Vec<String> {
    let kind = match metric.kind {
        MetricKind::Counter => "counter",
        MetricKind::Gauge => "gauge",
        MetricKind::Rate => "rate",
        MetricKind::Trend => "trend",
    };
    let unit = match metric.unit {
        MetricUnit::Nanoseconds => "ns",
        MetricUnit::Bytes => "B",
        MetricUnit::One => "1",
    };
    let trend = metric.trend.as_ref();
    let (least, greatest) = metric.range.unzip();
    vec![
        kind.to_owned(),
        unit.to_owned(),
        metric.samples.to_string(),
        figure(metric.value),
        figure(metric.per_second),
        whole(metric.passes),
        figure(least),
        figure(greatest),
        figure(trend.map(|trend| trend.min)),
        figure(trend.map(|trend| trend.avg)),
        figure(trend.and_then(|trend| trend.med)),
        figure(trend.and_then(|trend| trend.p90)),
        figure(trend.and_then(|trend| trend.p95)),
        figure(trend.and_then(|trend| trend.p99)),
        figure(trend.map(|trend| trend.max)),
        whole(trend.map(|trend| trend.censored)),
    ]
}

/// A row for each tick, under the names that they have in the record.
pub(super) fn render_timeline(record: &LoadRecord) -> String {
    let mut out = String::new();
    push_row(&mut out, &TICKS.map(str::to_owned));
    for tick in &record.timeline {
        let mut cells = vec![text(&record.run.id), text(&record.plan.name)];
        cells.extend(tick_cells(tick));
        push_row(&mut out, &cells);
    }
    out
}

fn tick_cells(tick: &Tick) -> Vec<String> {
    let phase = tick.phase.map_or("", Phase::name);
    let mut cells = vec![
        tick.at_ns.to_string(),
        tick.length_ns.to_string(),
        phase.to_owned(),
        figure(tick.planned),
    ];
    let counts = [
        tick.vus,
        tick.in_flight,
        tick.iterations,
        tick.failed,
        tick.dropped,
        tick.requests,
        tick.requests_failed,
    ];
    cells.extend(counts.map(|count| count.to_string()));
    let times = [tick.p50_ns, tick.p95_ns, tick.p99_ns, tick.lateness_p99_ns];
    cells.extend(times.map(figure));
    cells.extend([tick.received, tick.sent].map(|count| count.to_string()));
    let watched = [
        tick.generator_cpu_ns,
        tick.generator_rss,
        tick.target_cpu_ns,
        tick.target_rss,
        tick.target_descriptors,
    ];
    cells.extend(watched.map(whole));
    cells
}

fn figure(value: Option<f64>) -> String {
    value.and_then(number).unwrap_or_default()
}

fn whole(value: Option<u64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
