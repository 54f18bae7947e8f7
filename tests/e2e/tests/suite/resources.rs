//! Figures of resources, held against what the benches of the fixture are known to use.

mod absence;
mod allocations;
mod disk;
mod memory;
mod network;
mod processor;

use std::ops::RangeBounds;

use e2e_tests::{Results, bench, find, run};
use serde_json::Value;

/// Three launches of a few samples each.
const BRIEFLY: [&str; 6] = ["--launches", "3", "--sample-count", "3", "--max-time", "20ms"];

/// The record of the cases that the filter selects.
#[track_caller]
fn measure(filter: &str, arguments: &[&str]) -> Value {
    let results = Results::new();
    let arguments = [&[filter], arguments].concat();
    run(&bench("resources", "known"), results.path(), arguments).expect_code(0);
    results.latest()
}

/// That figure of that case.
#[track_caller]
fn figure(record: &Value, case: &str, metric: &str) -> f64 {
    let case = find(record, &format!("resources::{case}"));
    let estimate = case["metrics"][metric]["estimate"].as_f64();
    estimate.unwrap_or_else(|| panic!("no `{metric}` in {case:#}, absent: {}", record["run"]))
}

/// Fails unless these figures of the case are exactly as they should be.
#[track_caller]
fn expect(record: &Value, case: &str, expected: &[(&str, f64)]) {
    let metrics = expected.iter().map(|(metric, _)| *metric);
    let found: Vec<_> = metrics.map(|metric| (metric, figure(record, case, metric))).collect();
    assert_eq!(found, expected, "{case}");
}

/// Fails unless that figure is in the range.
#[track_caller]
fn expect_in(record: &Value, case: &str, metric: &str, range: impl RangeBounds<f64>) {
    let found = figure(record, case, metric);
    let bounds = (range.start_bound(), range.end_bound());
    assert!(range.contains(&found), "{case}: {metric} is {found}, not within {bounds:?}");
}

/// Why the case, or the whole run, does not have that metric.
fn absence<'a>(record: &'a Value, case: &'a Value, metric: &str) -> Option<&'a str> {
    [case, &record["run"]].into_iter().find_map(|place| place["absent"][metric].as_str())
}
