//! The figures of a load test that leave for programs which follow them over time, in their forms.

use std::collections::BTreeMap;

use super::outcome::LoadOutcome;
use crate::record::load::{LoadRecord, MetricUnit};
use crate::report::bencher::push_bench_line;
use crate::report::bmf::{benchmark_name, bmf_lines};
use crate::report::escape::escape;
use crate::report::json_text::{Object, lines};

/// A figure that is worth a course.
#[derive(Clone, Debug, PartialEq)]
struct Tracked {
    /// `response p95`, `rate`.
    name: String,
    /// The name of its measure where names may not hold spaces.
    slug: String,
    unit: &'static str,
    value: f64,
    samples: u64,
}

/// Times, of which less is better: P50, P95 and P99 of `response`, of closed scenarios of
/// `iteration_duration`. A run in which everything failed has none: failing fast must not look like
/// an improvement.
fn costs(record: &LoadRecord) -> Vec<Tracked> {
    if LoadOutcome::of(record).is_void() {
        return Vec::new();
    }
    let found = ["response", "iteration_duration"]
        .iter()
        .find_map(|name| Some((*name, record.metrics.get(*name)?.trend.as_ref()?)));
    let Some((metric, trend)) = found else { return Vec::new() };
    let known = [("p50", trend.med), ("p95", trend.p95), ("p99", trend.p99)];
    let known = known.iter().filter_map(|(q, value)| Some((*q, (*value)?)));
    known
        .map(|(q, value)| Tracked {
            name: format!("{metric} {q}"),
            slug: format!("{}-{q}", metric.replace('_', "-")),
            unit: "ns",
            value,
            samples: trend.count,
        })
        .collect()
}

/// Rates, of which more is better: iterations a second.
fn rates(record: &LoadRecord) -> Vec<Tracked> {
    let is_void = LoadOutcome::of(record).is_void();
    let iterations = record.metrics.get("iterations").filter(|_| !is_void);
    let rate = iterations.and_then(|metric| Some((metric, metric.per_second?)));
    rate.iter()
        .map(|(metric, rate)| Tracked {
            name: "rate".to_owned(),
            slug: "throughput".to_owned(),
            unit: "iterations/s",
            value: *rate,
            samples: metric.samples,
        })
        .collect()
}

/// What github-action-benchmark reads with `customSmallerIsBetter`.
pub(super) fn render_github(record: &LoadRecord) -> String {
    entries(record, &costs(record))
}

/// And with `customBiggerIsBetter`.
pub(super) fn render_github_bigger(record: &LoadRecord) -> String {
    entries(record, &rates(record))
}

fn entries(record: &LoadRecord, figures: &[Tracked]) -> String {
    let test = escape(&record.plan.name);
    let mut extra = Vec::new();
    if record.generator.limited {
        extra.push("generator-limited".to_owned());
    }
    let outcome = LoadOutcome::of(record);
    if !outcome.is_good() {
        extra.push(escape(&outcome.words()));
    }
    let entries: Vec<String> = figures
        .iter()
        .map(|figure| {
            let mut told = vec![format!("samples: {}", figure.samples)];
            told.extend(extra.iter().cloned());
            Object::new()
                .text("name", &format!("{test} {}", figure.name))
                .text("unit", figure.unit)
                .number("value", figure.value)
                .text("extra", &told.join("\n"))
                .end()
        })
        .collect();
    lines(&entries)
}

/// The bench lines of libtest: a time for each percentile. One run has no interval, so what stands
/// in brackets is 0.
pub(super) fn render_bencher(record: &LoadRecord) -> String {
    let mut out = String::new();
    for figure in costs(record) {
        let name = format!("{}::{}", record.plan.name, figure.name.replace(' ', "::"));
        push_bench_line(&mut out, &name, figure.value, 0.0);
    }
    out
}

/// Bencher Metric Format: a measure for each figure.
pub(super) fn render_bmf(record: &LoadRecord) -> String {
    let figures: Vec<Tracked> = costs(record).into_iter().chain(rates(record)).collect();
    let mut benchmarks = BTreeMap::new();
    if !figures.is_empty() {
        let measures = figures.iter().fold(Object::new(), |object, figure| {
            let measure = Object::new().number("value", figure.value).end();
            object.raw(&figure.slug, &measure)
        });
        benchmarks.insert(benchmark_name(&record.plan.name), measures.end());
    }
    bmf_lines(&benchmarks)
}

/// `NAME  rate  p50  p95  p99  failed  how it ended`, on one line; `-` where there is none.
pub(super) fn render_terse(record: &LoadRecord) -> String {
    let absent = || "-".to_owned();
    let time = |q: &str| {
        let found = costs(record).into_iter().find(|figure| figure.name.ends_with(q));
        found.map_or_else(absent, |it| super::words::figure(MetricUnit::Nanoseconds, it.value))
    };
    let rate = rates(record).first().map_or_else(absent, |it| super::words::per_second(it.value));
    let full: u64 = record.scenarios.iter().map(|scenario| scenario.full).sum();
    let failed: u64 = record.scenarios.iter().map(|scenario| scenario.failed).sum();
    let failed = match full {
        0 => absent(),
        full => super::words::share(failed as f64 / full as f64),
    };
    format!(
        "{}  {rate}  {}  {}  {}  {failed}  {}\n",
        escape(&record.plan.name),
        time("p50"),
        time("p95"),
        time("p99"),
        escape(&LoadOutcome::of(record).words())
    )
}
