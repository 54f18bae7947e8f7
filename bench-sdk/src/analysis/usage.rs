//! From what launches used to metrics: usage of an iteration, and how far a unit of it goes.

use std::collections::BTreeMap;

use super::estimate::{interval_of_launches, rate};
use crate::bencher::LaunchSamples;
use crate::record::metric_name::{self as name, Nature};
use crate::record::{CaseRecord, CounterKind, Metric, Note, Status, Unit};
use crate::stats::{Interval, median, sorted};

/// Costs that are also told for one item, and the names they have then.
pub(super) const PER_OP: [(&[&str], &str); 6] = [
    (&[name::CPU], name::CPU_PER_OP),
    (&[name::ALLOCS], name::ALLOCS_PER_OP),
    (&[name::ALLOC_BYTES], name::ALLOC_BYTES_PER_OP),
    (&[name::DISK_READ, name::DISK_WRITTEN], name::DISK_PER_OP),
    (&[name::NET_RECEIVED, name::NET_SENT], name::NET_PER_OP),
    (&[name::ENERGY], name::ENERGY_PER_OP),
];

/// The metrics whose sum, for one item, is the one of that name; none where it is no such cost.
pub(super) fn parts_per_op(metric: &str) -> &'static [&'static str] {
    PER_OP.iter().find(|(_, name)| *name == metric).map_or(&[], |(parts, _)| parts)
}

/// Adds what the launches used, and what follows from it, to the record of the case.
pub(super) fn add_usage(record: &mut CaseRecord, launches: &[LaunchSamples]) {
    let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (name, value) in launches.iter().flat_map(|launch| &launch.usage) {
        values.entry(name).or_default().push(*value);
    }
    for (name, values) in values {
        if let Some(metric) = over_launches(name, &values) {
            record.metrics.insert(name.to_owned(), metric);
        }
    }
    for (name, reason) in launches.iter().flat_map(|launch| &launch.absent) {
        if !record.metrics.contains_key(name) {
            record.absent.insert(name.clone(), reason.clone());
        }
    }
    add_efficiency(record);
}

/// Puts the count of Callgrind in the place of one by hardware, also where it failed: the figures of
/// a run should come from one source.
pub(super) fn replace_instructions(record: &mut CaseRecord, counted: &Result<f64, String>) {
    let name = name::INSTRUCTIONS;
    record.metrics.remove(name);
    record.absent.remove(name);
    match counted {
        Ok(count) => {
            if let Some(metric) = Metric::named(name, *count) {
                record.metrics.insert(name.to_owned(), metric);
                record.notes.push(Note::remark(
                    "instructions_by_callgrind",
                    "`instructions` were counted by Callgrind, in a launch of their own",
                ));
            }
        }
        Err(why) => {
            record.absent.insert(name.to_owned(), why.clone());
        }
    }
}

/// The median over launches. What should be the same in each has the whole range as its interval.
fn over_launches(name: &str, values: &[f64]) -> Option<Metric> {
    let ordered = sorted(values);
    let mut metric = Metric::named(name, median(&ordered)?)?;
    metric.samples = Some(values.len() as u64);
    let interval = match name::describe(name)?.nature {
        Nature::Deterministic => {
            let ends = ordered.first().zip(ordered.last());
            ends.map(|(low, high)| Interval { low: *low, high: *high, level: 1.0 })
        }
        Nature::System | Nature::Speed => interval_of_launches(&ordered, false),
    };
    if let Some(Interval { low, high, level }) = interval {
        (metric.low, metric.high) = (Some(low), Some(high));
        metric.level = (level < 1.0).then_some(level);
    }
    Some(metric)
}

/// How many operations a second of processor time does, and what one operation costs. An operation
/// is an item where the benchmark counts items, else an iteration; the costs of an iteration are in
/// the record anyway.
fn add_efficiency(record: &mut CaseRecord) {
    let items = items(record);
    let rated =
        record.metric(name::CPU).and_then(|cpu| rate(items.unwrap_or(1.0), cpu, Unit::PerSecond));
    if let Some(rated) = rated {
        record.metrics.insert(name::OPS_PER_CPU_SECOND.to_owned(), rated);
    }
    let Some(items) = items else { return };
    for (parts, name) in PER_OP {
        let found: Option<Vec<&Metric>> = parts.iter().map(|part| record.metric(part)).collect();
        if let Some(metric) = found.and_then(|parts| sum_per_op(name, &parts, items)) {
            record.metrics.insert(name.to_owned(), metric);
        }
    }
}

/// How many items an iteration processes, where the benchmark says so.
pub(super) fn items(record: &CaseRecord) -> Option<f64> {
    let counter = record.counters.iter().find(|counter| counter.kind == CounterKind::Items);
    counter.map(|counter| counter.count).filter(|count| *count > 0.0)
}

/// The sum of the parts for one of the items. The interval of a sum holds both ends of its parts'.
fn sum_per_op(name: &str, parts: &[&Metric], items: f64) -> Option<Metric> {
    let sum = |pick: fn(&Metric) -> Option<f64>| {
        let sum: Option<f64> = parts.iter().map(|part| pick(part)).sum();
        sum.map(|sum| sum / items)
    };
    let mut metric = Metric::named(name, sum(|part| Some(part.estimate))?)?;
    (metric.low, metric.high) = (sum(|part| part.low), sum(|part| part.high));
    if let [part] = parts {
        metric.level = part.level;
    }
    Some(metric)
}

/// Takes out of the cases what is absent from all of them for the same reason; it is told once for
/// the run.
pub(crate) fn common_absences(cases: &mut [CaseRecord]) -> BTreeMap<String, String> {
    let told = |case: &&CaseRecord| matches!(case.status, Status::Measured | Status::BudgetFailed);
    let mut measured = cases.iter().filter(told);
    let Some(first) = measured.next() else { return BTreeMap::new() };
    let mut common = first.absent.clone();
    for case in measured {
        common.retain(|name, reason| case.absent.get(name) == Some(reason));
    }
    for case in cases {
        case.absent.retain(|name, _| !common.contains_key(name));
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_their_range_and_the_rest_an_interval() {
        let values = [3.0, 1.0, 2.0, 2.0, 2.0];
        let allocs = over_launches(name::ALLOCS, &values);
        assert!(allocs.is_some_and(|allocs| {
            (allocs.estimate, allocs.low, allocs.high, allocs.level)
                == (2.0, Some(1.0), Some(3.0), None)
        }));
        let cpu = over_launches(name::CPU, &values);
        assert!(cpu.is_some_and(|cpu| cpu.level.is_some()));
        assert_eq!(over_launches("nonsense", &values), None);
        assert_eq!(over_launches(name::CPU, &[f64::NAN]), None);
    }

    #[test]
    fn a_count_by_callgrind_takes_the_place_of_one_by_hardware() {
        let json = serde_json::json!({
            "id": "x", "crate": "", "group": "", "name": "x", "args": [], "tags": [],
            "source": { "file": "", "line": 0 }, "status": "measured", "notes": [],
            "metrics": { "instructions": { "unit": "1", "better": "lower", "estimate": 7.5 } },
        });
        let record = || serde_json::from_value::<CaseRecord>(json.clone()).ok();
        let after = |counted: Result<f64, String>| {
            let mut record = record()?;
            replace_instructions(&mut record, &counted);
            Some(record)
        };
        let counted = after(Ok(9.0));
        let estimate = |record: &CaseRecord| record.metric("instructions").map(|m| m.estimate);
        assert_eq!(counted.as_ref().and_then(estimate), Some(9.0));
        assert!(counted.is_some_and(|record| record.has_note("instructions_by_callgrind")));
        let failed = after(Err("it died".to_owned()));
        assert!(failed.is_some_and(|record| {
            record.metrics.is_empty() && record.absent["instructions"] == "it died"
        }));
    }

    #[test]
    fn costs_of_an_item_are_sums_of_their_parts() {
        let part = |low: f64, middle: f64, high: f64| {
            let mut metric = Metric::named(name::DISK_READ, middle)?;
            (metric.low, metric.high) = (Some(low), Some(high));
            Some(metric)
        };
        let parts: Vec<Metric> =
            [part(1.0, 2.0, 3.0), part(10.0, 20.0, 30.0)].into_iter().flatten().collect();
        let sum = sum_per_op(name::DISK_PER_OP, &parts.iter().collect::<Vec<_>>(), 2.0);
        let ends = sum.map(|sum| (sum.estimate, sum.low, sum.high));
        assert_eq!(ends, Some((11.0, Some(5.5), Some(16.5))));
    }
}
