//! Extremes of the case matrix: none, very many, arguments that fail or change.

use e2e_tests::{QUICK, Results, bench, case_status, cases, find, ids, run};

#[test]
fn no_arguments_are_a_remark_and_not_a_failure() {
    let results = Results::new();
    let outcome = run(&bench("targets", "matrix"), results.path(), ["--test", "no_args", "some"]);
    outcome.expect_code(0).expect_stdout(&["matrix::no_args", "gave no values"]);
    let record = results.latest();
    assert_eq!(ids(&record), ["matrix::some_threads{t=1}", "matrix::some_threads{t=2}"]);
    assert_eq!(record["run"]["skipped"][0]["id"], "matrix::no_args");
}

#[test]
fn ten_thousand_arguments_can_be_listed_and_one_of_them_run() {
    let results = Results::new();
    let binary = bench("targets", "matrix");
    let listed = run(&binary, results.path(), ["--list", "--format", "terse", "ten_thousand"]);
    listed.expect_code(0);
    assert_eq!(listed.stdout.lines().count(), 10_000);
    let listed = run(&binary, results.path(), ["--list", "--format", "json", "ten_thousand"]);
    let list: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    assert!(list.to_string().contains("matrix::ten_thousand[9999]"));
    let one = ["--test", "--exact", "matrix::ten_thousand[9999]"];
    run(&binary, results.path(), one).expect_code(0);
    assert_eq!(ids(&results.latest()), ["matrix::ten_thousand[9999]"]);
}

/// How many are registered does not depend on what is selected.
#[test]
fn the_number_registered_is_the_same_for_every_filter() {
    let results = Results::new();
    let binary = bench("targets", "matrix");
    let registered = |arguments: &[&str]| {
        run(&binary, results.path(), ["--test"].iter().chain(arguments)).expect_code(0);
        results.latest()["run"]["registered"].as_u64()
    };
    assert_eq!(registered(&["same_labels"]), Some(10_006));
    assert_eq!(registered(&["--exact", "matrix::same_labels[1]"]), Some(10_006));
}

#[test]
fn equal_labels_are_numbered() {
    let results = Results::new();
    run(&bench("targets", "matrix"), results.path(), ["--test", "same_labels"]).expect_code(0);
    let expected =
        ["matrix::same_labels[1]", "matrix::same_labels[1]#2", "matrix::same_labels[1]#3"];
    assert_eq!(ids(&results.latest()), expected);
}

#[test]
fn no_threads_at_run_time_is_the_failure_of_one_case() {
    let results = Results::new();
    let arguments = QUICK.iter().chain(&["threads"]);
    run(&bench("targets", "matrix"), results.path(), arguments).expect_code(101);
    let record = results.latest();
    assert_eq!(case_status(&record, "matrix::no_threads{t=0}"), "failed");
    let message = find(&record, "matrix::no_threads{t=0}")["message"].as_str().unwrap();
    assert!(message.contains("0 threads"), "{message}");
    assert_eq!(case_status(&record, "matrix::some_threads{t=2}"), "measured");
    assert_eq!(find(&record, "matrix::some_threads{t=2}")["threads"], 2);
}

#[test]
fn arguments_that_panic_cost_their_bench_and_no_other() {
    let results = Results::new();
    let binary = bench("targets", "panicking_args");
    let outcome = run(&binary, results.path(), QUICK);
    outcome.expect_code(101).expect_stdout(&["no arguments today", "not two"]);
    let record = results.latest();
    assert_eq!(case_status(&record, "panicking_args::cannot_start"), "panicked");
    assert_eq!(case_status(&record, "panicking_args::breaks_off"), "panicked");
    assert_eq!(case_status(&record, "panicking_args::works[1]"), "measured");
    // A selection without them is not harmed, and a list tells what it cannot show.
    run(&binary, results.path(), ["--test", "works"]).expect_code(0);
    let listed = run(&binary, results.path(), ["--list", "--format", "terse"]);
    listed.expect_code(0).expect_stderr(&["panicking_args::cannot_start"]);
    assert_eq!(listed.stdout, "panicking_args::works[1]: benchmark\n");
}

/// Arguments are evaluated where everything depends on it; that must not look like success.
#[test]
fn arguments_that_end_the_process_do_not_pass() {
    let results = Results::new();
    let binary = bench("targets", "exiting_args");
    for arguments in [&["--test"][..], &QUICK, &["--list"]] {
        let outcome = run(&binary, results.path(), arguments);
        assert_ne!(outcome.code, Some(0), "{arguments:?} passes\n{outcome}");
        assert!(outcome.to_string().contains("never_laid_out"), "{outcome}");
    }
}

#[test]
fn arguments_that_change_between_starts_are_told_so() {
    let results = Results::new();
    let outcome = run(&bench("targets", "unsteady_args"), results.path(), QUICK);
    let message = "arguments are not the same from one start to the next";
    outcome.expect_code(101).expect_stdout(&[message]);
    let record = results.latest();
    let failed: Vec<_> = cases(&record).iter().filter(|case| case["status"] == "failed").collect();
    assert_eq!(failed.len(), 2, "{record:#}");
    assert!(failed.iter().all(|case| case["message"].as_str().unwrap().contains(message)));
    assert_eq!(case_status(&record, "unsteady_args::constant[1]"), "measured");
    assert_eq!(case_status(&record, "unsteady_args::gone[1]"), "measured");
}
