//! What is missing says why.

use std::path::Path;

use e2e_tests::{case_status, find};
use regex::Regex;

use super::{BRIEFLY, absence, expect_in, measure};

/// Figures that a case has only where it asks for them: nobody misses them elsewhere.
const ASKED_FOR: [&str; 4] =
    ["throughput_bytes", "throughput_chars", "throughput_cycles", "throughput_per_thread"];

/// The names of all metrics.
fn metrics() -> Vec<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench-sdk/src");
    let text = std::fs::read_to_string(sources.join("record/metric_name.rs")).unwrap();
    let line = Regex::new(r#"(?m)^    [A-Z0-9_]+ = "(\w+)", "#).unwrap();
    let names: Vec<_> = line.captures_iter(&text).map(|found| found[1].to_owned()).collect();
    assert!(names.len() > 40 && names.contains(&"energy_per_op".to_owned()), "{names:?}");
    names
}

#[test]
fn every_metric_is_there_or_says_why_it_is_not() {
    for filter in ["computes_briefly", "sleeps", "on_each_thread"] {
        let record = measure(filter, &BRIEFLY);
        for case in record["cases"].as_array().unwrap() {
            for name in metrics() {
                let has = case["metrics"][&name].is_object();
                let reason = absence(&record, case, &name);
                let counts_items = case["counters"].is_array();
                let asked = name.ends_with("_per_op") || name == "throughput_items";
                if ASKED_FOR.contains(&name.as_str()) || (asked && !counts_items) {
                    continue;
                }
                assert!(has != reason.is_some(), "{name} of {}: {reason:?}", case["id"]);
                assert!(reason.is_none_or(|reason| reason.len() > 10), "{name}: {reason:?}");
            }
        }
    }
}

/// What the probes read from can be closed by the benchmark, even be replaced by a file of its own,
/// which must stay open. Times, and what needs no file, are measured all the same.
#[test]
fn closed_files_cost_the_figures_that_come_from_them_and_no_more() {
    let record = measure("resources::descriptors::", &BRIEFLY);
    for case in ["descriptors::closed_before", "descriptors::taken_over"] {
        let id = format!("resources::{case}");
        assert_eq!(case_status(&record, &id), "measured");
        expect_in(&record, case, "time", 0.1..);
        expect_in(&record, case, "cpu_utilisation", 0.0..1.2);
        let found = find(&record, &id);
        for metric in ["io_read", "net_sent"] {
            let reason = absence(&record, found, metric).unwrap_or_default();
            assert!(reason.contains("no longer"), "{metric} of {case}: {reason}");
        }
    }
}

#[test]
fn without_probes_there_are_times_only_and_they_are_the_same() {
    let arguments = [&BRIEFLY[..], &["--no-probes"]].concat();
    let [with, without] = [&BRIEFLY[..], &arguments]
        .map(|arguments| measure("resources::processor::spins", arguments));
    let case = find(&without, "resources::processor::spins");
    let names: Vec<_> = case["metrics"].as_object().unwrap().keys().collect();
    assert!(names.iter().all(|name| name.starts_with("time")), "{names:?}");
    for record in [with, without] {
        expect_in(&record, "processor::spins", "time_min", 1e6..1.2e6);
    }
}
