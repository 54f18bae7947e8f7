//! `Runner` inside an application.

use e2e_tests::{Outcome, Results, bench, bench_command, case_status, cases, finish, ids};
use serde_json::Value;

/// Runs the application in one of its ways.
fn embed(arguments: &[&str]) -> Outcome {
    let results = Results::new();
    let mut command = bench_command(&bench("embed", "embed"), results.path());
    let outcome = finish(command.args(arguments));
    // Nothing is kept unless asked for.
    assert!(results.runs().is_empty());
    outcome
}

#[track_caller]
fn record(outcome: &Outcome) -> Value {
    outcome.expect_code(0);
    // The record and nothing else: the library does not print.
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}\n{outcome}"))
}

#[test]
fn a_runner_takes_what_is_registered_and_filtered() {
    let outcome = embed(&["filtered"]);
    let record = record(&outcome);
    assert_eq!(outcome.stderr, "");
    assert_eq!(ids(&record), ["embed::kept"]);
    assert_eq!(case_status(&record, "embed::kept"), "measured");
    assert_eq!((&record["schema"], &record["run"]["registered"]), (&1.into(), &4.into()));
}

#[test]
fn panics_are_contained_in_process() {
    let record = record(&embed(&["panicking"]));
    assert_eq!(case_status(&record, "embed::panics"), "panicked");
    assert_eq!(case_status(&record, "embed::kept"), "measured");
}

#[test]
fn an_isolated_runner_contains_aborts() {
    let record = record(&embed(&["isolated"]));
    assert_eq!(cases(&record).len(), 4);
    for (id, status) in [
        ("embed::aborts", "died"),
        ("embed::kept", "measured"),
        ("embed::left_out", "measured"),
        ("embed::panics", "panicked"),
    ] {
        assert_eq!(case_status(&record, id), status);
    }
}

#[test]
fn an_isolated_runner_without_the_entry_says_what_to_add() {
    let outcome = embed(&["no-entry"]);
    outcome.expect_code(1).expect_stderr(&["bench_sdk::worker_entry()", "first line of `main`"]);
}

#[test]
fn added_benches_run_in_process_and_are_refused_in_isolation() {
    let record = record(&embed(&["added"]));
    assert_eq!(case_status(&record, "added/at run time"), "measured");
    assert_eq!(case_status(&record, "embed::kept"), "measured");
    let refused = embed(&["isolated-added"]);
    refused.expect_code(1).expect_stderr(&["`added/at run time`", "isolated()", "#[hub_bench]"]);
}

#[test]
fn nothing_to_run_is_an_error() {
    embed(&["empty"]).expect_code(1).expect_stderr(&["no benchmarks"]);
}

#[test]
fn failing_reporters_are_recorded_and_the_others_get_every_event() {
    let outcome = embed(&["reporters"]);
    let record = record(&outcome);
    let failed = record["run"]["failed_reporters"].as_array().unwrap();
    let text = |index: usize| failed[index].as_str().unwrap_or_default();
    assert_eq!(failed.len(), 2, "{record:#}");
    assert!(text(0).starts_with("disk: ") && text(0).contains("no space left"), "{}", text(0));
    assert!(text(1).starts_with("wild: ") && text(1).contains("gone wild"), "{}", text(1));
    let events: Vec<&str> =
        outcome.stderr.lines().filter_map(|line| line.strip_prefix("event ")).collect();
    assert_eq!(events, ["run_started", "case_started", "case_finished", "run_finished"]);
}

#[test]
fn keeping_a_record_is_asked_for_and_its_failure_told() {
    let results = Results::new();
    let folder = results.path().display().to_string();
    record(&embed(&["kept-in", &folder]));
    assert_eq!(ids(&results.latest()), ["embed::kept"]);
    let outcome = embed(&["kept-in", "/proc/hub-bench"]);
    outcome.expect_code(1).expect_stderr(&["not kept", "/proc/hub-bench"]);
}
