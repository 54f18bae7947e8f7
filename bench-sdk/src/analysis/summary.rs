//! From the raw samples of all launches to the record of a case.

use std::collections::BTreeMap;

use super::budget::Budget;
use super::estimate::{Floor, counting, latency, launch_median, rate, time};
use super::gaps::explain_gaps;
use super::notes::notes;
use super::usage::{add_usage, replace_instructions};
use crate::bencher::{Broken, LaunchSamples};
use crate::plan::PlannedCase;
use crate::record::{
    Better, CaseRecord, Counter, CounterKind, LaunchRecord, Metric, Note, Status, Unit, metric_name,
};
use crate::stats::{excess_of_mean, mean, smallest_effect};

/// What the launches of one case gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    /// Samples of each launch.
    pub(crate) launches: Vec<LaunchSamples>,
    /// Anchor kernel of each launch, in nanoseconds.
    pub(crate) anchors_ns: Vec<Option<f64>>,
    /// Instructions of an iteration that Callgrind counted, or why it could not; `None` where nobody
    /// asked.
    pub(crate) instructions: Option<Result<f64, String>>,
}

/// Under which conditions figures came about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions {
    /// The build was optimised.
    pub(crate) optimized: bool,
    /// One iteration was run, to see that it works.
    pub(crate) test: bool,
}

/// The record of a case that was measured.
pub(crate) fn summarise(
    case: &PlannedCase,
    measured: &Measured,
    conditions: Conditions,
) -> CaseRecord {
    let launches = &measured.launches;
    let adaptive = case.settings.target_ci.is_some();
    let floor = Floor::of(launches);
    let times: Vec<f64> = launches.iter().flat_map(counting).collect();
    let mut record = blank(case, Status::Measured);
    if let Some(time) = time(launches, adaptive, floor) {
        add_figures(&mut record, &time, &times, floor, launches);
        record.metrics.insert(metric_name::TIME.to_owned(), time);
    }
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    record.spread = excess_of_mean(&times);
    record.smallest_effect = smallest_effect(&medians, &times);
    record.launches = launch_records(measured);
    record.counters = launches.last().map(|launch| launch.counters.clone()).unwrap_or_default();
    add_usage(&mut record, launches);
    record.notes = notes(launches, &case.settings, floor, conditions);
    if let Some(counted) = &measured.instructions {
        replace_instructions(&mut record, counted);
    }
    add_quantiles(&mut record, &case.thresholds, launches);
    if !conditions.test {
        explain_gaps(&mut record, launches);
    }
    judge(&mut record, &case.thresholds, conditions);
    record
}

/// Everything that follows from the time.
fn add_figures(
    record: &mut CaseRecord,
    time: &Metric,
    times: &[f64],
    floor: Floor,
    launches: &[LaunchSamples],
) {
    let mut add = |name: &str, metric: Option<Metric>| {
        if let Some(metric) = metric {
            record.metrics.insert(name.to_owned(), metric);
        }
    };
    let point = |ns: f64| Metric::point(Unit::Nanoseconds, Better::Lower, floor.subtract(ns));
    let fastest = times.iter().copied().fold(f64::INFINITY, f64::min);
    add(metric_name::TIME_MIN, fastest.is_finite().then(|| point(fastest)));
    add(metric_name::TIME_MEAN, mean(times).map(point));
    add(metric_name::TIME_P50, latency(launches, 0.50));
    add(metric_name::TIME_P95, latency(launches, 0.95));
    add(metric_name::TIME_P99, latency(launches, 0.99));
    let Some(last) = launches.last() else { return };
    for counter in &last.counters {
        let (name, unit) = throughput(*counter);
        let amount = counter.count * f64::from(last.threads);
        add(name, rate(amount, time, unit));
    }
    if last.threads > 1 {
        add(metric_name::THROUGHPUT_PER_THREAD, rate(1.0, time, Unit::PerSecond));
    }
}

fn throughput(counter: Counter) -> (&'static str, Unit) {
    match counter.kind {
        CounterKind::Items => (metric_name::THROUGHPUT_ITEMS, Unit::PerSecond),
        CounterKind::Bytes => (metric_name::THROUGHPUT_BYTES, Unit::BytesPerSecond),
        CounterKind::Chars => (metric_name::THROUGHPUT_CHARS, Unit::PerSecond),
        CounterKind::Cycles => (metric_name::THROUGHPUT_CYCLES, Unit::PerSecond),
    }
}

fn launch_records(measured: &Measured) -> Vec<LaunchRecord> {
    let anchors = measured.anchors_ns.iter().copied().chain(std::iter::repeat(None));
    let record = |(launch, anchor_ns): (&LaunchSamples, Option<f64>)| {
        let voided = launch.samples.iter().filter(|sample| sample.voided).count();
        Some(LaunchRecord {
            median_ns: launch_median(launch)?,
            samples: (launch.samples.len() - voided) as u32,
            voided: voided as u32,
            iterations: launch.samples.iter().map(|sample| sample.iterations).sum(),
            first_ns: launch.first_ns,
            first_faults: launch.first_faults.map(|faults| faults.minor + faults.major),
            warmup: launch.warmup.clone(),
            anchor_ns,
        })
    };
    measured.launches.iter().zip(anchors).filter_map(record).collect()
}

/// Adds the quantiles of latency that budgets ask for and records do not have anyway.
fn add_quantiles(record: &mut CaseRecord, thresholds: &[String], launches: &[LaunchSamples]) {
    for budget in thresholds.iter().filter_map(|text| Budget::parse(text).ok()) {
        if let Some((p, name)) = budget.quantile()
            && !record.metrics.contains_key(name)
            && let Some(metric) = latency(launches, p)
        {
            record.metrics.insert(name.to_owned(), metric);
        }
    }
}

/// Holds the record against the budgets of its benchmark.
fn judge(record: &mut CaseRecord, thresholds: &[String], conditions: Conditions) {
    let times_bind = conditions.optimized && !conditions.test;
    let mut broken = Vec::new();
    for text in thresholds {
        match Budget::parse(text) {
            Err(error) => broken.push(error),
            Ok(budget) if budget.is_time() && !times_bind => record.notes.push(Note::remark(
                "budget_not_binding",
                format!("`{text}` binds only where an optimised build is measured"),
            )),
            Ok(budget) => match budget.check(&record.metrics) {
                Ok(()) => {}
                Err(error) => broken.push(error),
            },
        }
    }
    if !broken.is_empty() {
        record.status = Status::BudgetFailed;
        record.message = Some(broken.join("; "));
    }
}

/// The record of a case that broke.
pub(crate) fn broken_record(case: &PlannedCase, broken: Broken) -> CaseRecord {
    let (status, message, output) = match broken {
        Broken::Failed { message } => (Status::Failed, message, String::new()),
        Broken::Panicked { message } => (Status::Panicked, message, String::new()),
        Broken::Died { message, output } => (Status::Died, message, output),
        Broken::TimedOut { message, output } => (Status::TimedOut, message, output),
    };
    let mut record = blank(case, status);
    record.message = Some(message);
    record.output = (!output.trim().is_empty()).then_some(output);
    record
}

/// The record of a case that was not run.
pub(crate) fn skipped_record(case: &PlannedCase, reason: &str) -> CaseRecord {
    let mut record = blank(case, Status::Skipped);
    record.message = Some(reason.to_owned());
    record
}

fn blank(case: &PlannedCase, status: Status) -> CaseRecord {
    CaseRecord {
        id: case.id.clone(),
        crate_name: case.crate_name.clone(),
        group: case.group.clone(),
        name: case.name.clone(),
        types: case.types.clone(),
        args: case.args.clone(),
        threads: case.threads,
        tags: case.tags.clone(),
        source: case.source.clone(),
        complexity: case.complexity,
        code_hash: if case.code_hash == 0 {
            String::new()
        } else {
            format!("{:016x}", case.code_hash)
        },
        status,
        message: None,
        output: None,
        metrics: BTreeMap::new(),
        absent: BTreeMap::new(),
        counters: case.counters.clone(),
        spread: None,
        smallest_effect: None,
        launches: Vec::new(),
        settings: Some(case.settings.clone()),
        notes: Vec::new(),
    }
}
