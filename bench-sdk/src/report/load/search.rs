//! What is said of a stress test beside its capacity: that it is a search, and which of its windows
//! the figures are of.

use super::layout::push_sentence;
use super::words::{counted, executor_words, per_second, span};
use crate::record::load::{Executor, LoadKind, LoadRecord, Scenario};

/// What a scenario did: its executor, or in a stress test the search, whose rates are not those of
/// the plan.
pub(in crate::report) fn course_words(record: &LoadRecord, scenario: &Scenario) -> String {
    let executor = &scenario.executor;
    let words = || search_words(record, executor).filter(|_| record.plan.scenarios.len() == 1);
    words().unwrap_or_else(|| executor_words(executor))
}

/// `search from 10/s`.
fn search_words(record: &LoadRecord, executor: &Executor) -> Option<String> {
    if record.plan.kind != LoadKind::Stress {
        return None;
    }
    let tried = record.capacity.as_ref().and_then(|capacity| capacity.probes.first());
    let planned = match executor {
        Executor::ConstantArrivalRate { rate, time_unit_ns, .. } if *time_unit_ns > 0 => {
            Some(*rate as f64 * 1e9 / *time_unit_ns as f64)
        }
        _ => None,
    };
    let first = tried.map(|probe| probe.planned_per_second).or(planned)?;
    Some(format!("search from {}", per_second(first)))
}

/// Length of the window that the figures of a stress test are of, where it can be told.
fn window_ns(record: &LoadRecord) -> Option<u64> {
    let iterations = record.metrics.get("iterations")?;
    let seconds = iterations.value? / iterations.per_second.filter(|rate| *rate > 0.0)?;
    seconds.is_finite().then_some((seconds * 1e9).round() as u64)
}

/// Which of its windows the figures of a stress test are of: the last that held, else the last.
pub(in crate::report) fn window_words(record: &LoadRecord) -> Option<String> {
    if record.plan.kind != LoadKind::Stress {
        return None;
    }
    let probes = record.capacity.as_ref().map_or(&[][..], |capacity| &capacity.probes);
    let window = match (probes.iter().rev().find(|probe| probe.passed), probes.last()) {
        (Some(held), _) => {
            format!("the last window that held, at {}", per_second(held.planned_per_second))
        }
        (None, Some(last)) => {
            format!("the last window, at {}", per_second(last.planned_per_second))
        }
        (None, None) => "a single window of the search".to_owned(),
    };
    let length = window_ns(record).map(|ns| format!(" for {}", span(ns))).unwrap_or_default();
    Some(format!("times, iterations, metrics and thresholds are of {window}{length}"))
}

/// Says so above these figures.
pub(super) fn push_window(out: &mut String, record: &LoadRecord, columns: usize) {
    let Some(words) = window_words(record) else { return };
    out.push_str("  ");
    push_sentence(out, &words, 2, columns);
}

/// `5,260 iterations in 43 s`; of a stress test `3,200 iterations in a window of 10 s, search of
/// 60 s`.
pub(super) fn took_words(record: &LoadRecord) -> String {
    let full = record.scenarios.iter().map(|scenario| scenario.full).sum();
    let (iterations, whole) = (counted(full, "iteration"), span(record.run.duration_ns));
    if record.plan.kind != LoadKind::Stress {
        return format!("{iterations} in {whole}");
    }
    let length = window_ns(record).map(|ns| format!(" of {}", span(ns))).unwrap_or_default();
    format!("{iterations} in a window{length}, search of {whole}")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{SECOND, counter, limited_run, open_run};
    use super::*;
    use crate::record::load::MetricUnit;

    fn window(record: &LoadRecord) -> String {
        let mut out = String::new();
        push_window(&mut out, record, 200);
        out.trim().to_owned()
    }

    #[test]
    fn a_stress_test_is_a_search_and_its_figures_are_of_one_window() {
        let mut record = limited_run();
        let iterations = counter(MetricUnit::One, 200_000.0, 20.0);
        record.metrics.insert("iterations".to_owned(), iterations);
        let scenario = record.plan.scenarios[0].clone();
        assert_eq!(course_words(&record, &scenario), "search from 2,000/s");
        let of = "times, iterations, metrics and thresholds are of";
        assert_eq!(window(&record), format!("{of} the last window that held, at 4,000/s for 20 s"));
        assert_eq!(took_words(&record), "200,000 iterations in a window of 20 s, search of 60 s");
        for probe in record.capacity.iter_mut().flat_map(|capacity| &mut capacity.probes) {
            probe.passed = false;
        }
        assert_eq!(window(&record), format!("{of} the last window, at 8,000/s for 20 s"));
        // Stopped by hand: no capacity is known.
        record.capacity = None;
        record.metrics.clear();
        assert_eq!(window(&record), format!("{of} a single window of the search"));
        record.plan.scenarios = open_run().plan.scenarios;
        let scenario = record.plan.scenarios[0].clone();
        assert_eq!(course_words(&record, &scenario), "search from 2,000/s");
    }

    #[test]
    fn other_tests_are_told_by_their_executors() {
        let mut record = open_run();
        record.run.duration_ns = 60 * SECOND;
        let scenario = record.plan.scenarios[0].clone();
        assert_eq!(course_words(&record, &scenario), executor_words(&scenario.executor));
        assert_eq!(window(&record), "");
        assert!(took_words(&record).ends_with(" in 60 s"), "{}", took_words(&record));
    }
}
