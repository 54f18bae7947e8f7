//! From the raw samples of all launches to the record of a case.

use std::collections::BTreeMap;

use super::absence::recorded;
use super::budget::Budget;
use super::estimate::{Floor, counting, latency, launch_median, own_metric, rate, time};
use super::gaps::explain_gaps;
use super::kept_samples::kept_samples;
use super::notes::notes;
use super::usage::{add_usage, replace_instructions};
use crate::bencher::{Broken, LaunchSamples};
use crate::plan::PlannedCase;
use crate::record::metric_name::{self, Nature};
use crate::record::{
    Better, CaseRecord, Counter, CounterKind, LaunchRecord, Metric, Note, Status, Unit,
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
    let mut record = blank(case, Status::Measured);
    match launches.iter().find_map(own_metric) {
        Some((name, _)) => leave_untimed(&mut record, name),
        None => add_times(&mut record, launches, adaptive, floor),
    }
    record.launches = launch_records(measured);
    if !conditions.test {
        add_samples(&mut record.launches, launches, floor);
    }
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

/// The time of an iteration, all that follows from it, and how it scatters.
fn add_times(record: &mut CaseRecord, launches: &[LaunchSamples], adaptive: bool, floor: Floor) {
    let times: Vec<f64> = launches.iter().flat_map(counting).collect();
    if let Some(time) = time(launches, adaptive, floor) {
        add_figures(record, &time, &times, floor, launches);
        record.metrics.insert(metric_name::TIME.to_owned(), time);
    }
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    record.spread = excess_of_mean(&times);
    record.smallest_effect = smallest_effect(&medians, &times);
}

/// Says why there is no time of a benchmark that measures something else.
fn leave_untimed(record: &mut CaseRecord, name: &str) {
    let reason = format!("the benchmark measures `{name}` instead of time");
    let times = [
        metric_name::TIME,
        metric_name::TIME_MIN,
        metric_name::TIME_MEAN,
        metric_name::TIME_P50,
        metric_name::TIME_P95,
        metric_name::TIME_P99,
    ];
    record.absent.extend(times.map(|time| (time.to_owned(), reason.clone())));
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
            samples_ns: Vec::new(),
        })
    };
    measured.launches.iter().zip(anchors).filter_map(record).collect()
}

/// Adds the samples that are kept; launches without any have no record.
fn add_samples(records: &mut [LaunchRecord], launches: &[LaunchSamples], floor: Floor) {
    let kept = kept_samples(launches, floor).into_iter().filter(|samples| !samples.is_empty());
    for (record, samples) in records.iter_mut().zip(kept) {
        record.samples_ns = samples;
    }
}

/// Adds the quantiles of latency that budgets ask for and records do not have anyway.
fn add_quantiles(record: &mut CaseRecord, thresholds: &[String], launches: &[LaunchSamples]) {
    for budget in thresholds.iter().filter_map(|text| Budget::parse(text).ok()) {
        let name = budget.metric();
        if let Some(percent) = metric_name::percentile(name)
            && !record.metrics.contains_key(name)
            && let Some(metric) = latency(launches, percent / 100.0)
        {
            record.metrics.insert(name.to_owned(), metric);
        }
    }
}

/// Holds the record against the budgets of its benchmark.
fn judge(record: &mut CaseRecord, thresholds: &[String], conditions: Conditions) {
    let mut broken = Vec::new();
    let mut loose: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for text in thresholds {
        let verdict =
            Budget::parse(text).and_then(|budget| match binds_only(&budget, record, conditions) {
                None => budget.check(record),
                Some(place) => {
                    loose.entry(place).or_default().push(text);
                    Ok(())
                }
            });
        broken.extend(verdict.err());
    }
    if !loose.is_empty() {
        let told: Vec<String> = loose
            .into_iter()
            .map(|(place, texts)| {
                let verb = if texts.len() == 1 { "binds" } else { "bind" };
                format!("`{}` {verb} only where {place}", texts.join("`, `"))
            })
            .collect();
        record.notes.push(Note::remark("budget_not_binding", told.join("; ")));
    }
    if !broken.is_empty() {
        record.status = Status::BudgetFailed;
        record.message = Some(broken.join("\n"));
    }
}

/// Where the budget binds, if not here.
fn binds_only(
    budget: &Budget,
    record: &CaseRecord,
    Conditions { optimized, test }: Conditions,
) -> Option<&'static str> {
    match budget.nature() {
        Nature::Speed if test || !optimized => Some("an optimised build is measured"),
        Nature::System if test => Some("iterations are measured, not run once"),
        // Of a single iteration not all is counted that could be.
        Nature::Deterministic if test && !budget.is_measured(record) => {
            recorded(budget.metric(), record)
                .is_none()
                .then_some("iterations are measured, not run once")
        }
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::super::fixture::{case, case_with};
    use super::*;

    const ALL: [Conditions; 3] = [
        Conditions { optimized: true, test: false },
        Conditions { optimized: false, test: false },
        Conditions { optimized: true, test: true },
    ];

    /// Under which of the conditions the broken budget fails the case; else it must be noted.
    fn binds(metric: &str, budget: &str) -> [bool; 3] {
        ALL.map(|conditions| {
            let mut record = case_with(metric, 5.0, None);
            judge(&mut record, &[budget.to_owned()], conditions);
            let failed = record.status == Status::BudgetFailed;
            assert_ne!(failed, record.has_note("budget_not_binding"), "{budget} {conditions:?}");
            failed
        })
    }

    #[test]
    fn budgets_bind_where_their_metric_says_something() {
        assert_eq!(binds("time", "median < 1ns"), [true, false, false]);
        assert_eq!(binds("ops_per_cpu_second", "ops_per_cpu_second > 1k"), [true, false, false]);
        assert_eq!(binds("cpu_utilisation", "cpu_utilisation < 150%"), [true, false, false]);
        assert_eq!(binds("peak_rss", "peak_rss < 1B"), [true, true, false]);
        assert_eq!(binds("allocs", "allocs == 0"), [true, true, true]);
        // A single iteration is not metered.
        assert_eq!(binds("time", "io_written == 0"), [true, true, false]);
    }

    #[test]
    fn a_count_that_cannot_be_had_fails_even_a_single_iteration() {
        let mut record = case();
        record.absent.insert("allocs".into(), "no counting allocator".into());
        let budgets = ["allocs == 0", "allocs_per_op == 0"].map(str::to_owned);
        judge(&mut record, &budgets, ALL[2]);
        let message = record.message.unwrap_or_default();
        assert_eq!(message.lines().count(), 2, "{message}");
        assert_eq!(message.matches("BenchAlloc").count(), 2, "{message}");
    }

    #[test]
    fn what_is_no_time_is_not_called_so() {
        let mut record = case();
        leave_untimed(&mut record, "custom_steps");
        assert!(record.metrics.is_empty() && record.absent.len() == 6);
        assert!(record.absent["time"].contains("`custom_steps` instead"));
    }

    #[test]
    fn what_does_not_bind_is_noted_once() {
        let budgets = ["p(99) < 1ms", "median < 1us", "peak_rss < 1MB"].map(str::to_owned);
        let mut record = case_with("time", 5.0, None);
        judge(&mut record, &budgets, ALL[2]);
        let texts: Vec<&str> = record.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(
            texts,
            ["`p(99) < 1ms`, `median < 1us` bind only where an optimised build is measured; \
              `peak_rss < 1MB` binds only where iterations are measured, not run once"]
        );
        assert_eq!(record.status, Status::Measured);
    }
}
