//! Budgets, and which exit code wins.

use std::process::Command;

use e2e_tests::{QUICK, Results, bench, case_status, clean, find, finish, run, unit_tests};

fn quick<'a>(filters: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    QUICK.into_iter().chain(filters.iter().copied())
}

#[test]
fn a_time_budget_binds_in_an_optimised_build() {
    let results = Results::new();
    let binary = bench("optimised", "optimised_build");
    let outcome = run(&binary, results.path(), quick(&["too_slow", "fast_enough"]));
    outcome.expect_code(4).expect_stdout(&["over budget", "`median < 1ns`"]);
    let record = results.latest();
    assert_eq!(record["run"]["optimized"], true);
    assert_eq!(case_status(&record, "budgets::too_slow"), "budget_failed");
    assert_eq!(case_status(&record, "budgets::fast_enough"), "measured");
    assert!(find(&record, "budgets::too_slow")["metrics"]["time"]["estimate"].is_f64());
}

#[test]
fn a_time_budget_is_only_noted_in_an_unoptimised_build() {
    let results = Results::new();
    let binary = bench("budgets", "debug_build");
    run(&binary, results.path(), quick(&["too_slow", "fast_enough"])).expect_code(0);
    let record = results.latest();
    assert_eq!(record["run"]["optimized"], false);
    assert_eq!(case_status(&record, "budgets::too_slow"), "measured");
    let notes = find(&record, "budgets::too_slow")["notes"].to_string();
    assert!(notes.contains("unoptimised"), "{notes}");
    assert!(notes.contains("budget"), "the budget is not mentioned: {notes}");
}

#[test]
fn a_budget_on_memory_binds_in_every_build_that_measures() {
    for (package, target) in [("optimised", "optimised_build"), ("budgets", "debug_build")] {
        let results = Results::new();
        let outcome = run(&bench(package, target), results.path(), quick(&["too_big"]));
        outcome.expect_code(4).expect_stdout(&["`peak_rss < 1kB`: it is "]);
        let case = find(&results.latest(), "budgets::too_big").clone();
        let message = case["message"].as_str().unwrap_or_default();
        let figure = message.rsplit("it is ").next().unwrap_or_default();
        assert!(figure.ends_with("MB"), "{message}");
        run(&bench(package, target), results.path(), ["--test", "too_big"]).expect_code(0);
        let notes = find(&results.latest(), "budgets::too_big")["notes"].to_string();
        assert_eq!(notes.matches("budget_not_binding").count(), 1, "{notes}");
    }
}

#[test]
fn a_budget_on_what_is_not_measured_says_what_would_give_it() {
    let results = Results::new();
    let binary = bench("optimised", "optimised_build");
    run(&binary, results.path(), quick(&["unmeasured"]))
        .expect_code(4)
        .expect_stdout(&["`throughput_bytes` is not measured; give the benchmark `bytes_count`"]);
}

#[test]
fn the_generated_tests_name_what_they_do_not_check() {
    let mut command = Command::new(unit_tests("budgets"));
    clean(&mut command);
    let outcome = finish(command.args(["--nocapture", "--test-threads=1", "too_"]));
    outcome.expect_code(0).expect_stdout(&[
        "not checked here: median < 1ns",
        "not checked here: peak_rss < 1kB",
        "not checked here: cpu_utilisation >= 0%",
    ]);
}

#[test]
fn a_broken_case_outweighs_a_budget() {
    let results = Results::new();
    let binary = bench("optimised", "optimised_build");
    run(&binary, results.path(), quick(&[])).expect_code(101);
    assert_eq!(case_status(&results.latest(), "budgets::too_slow"), "budget_failed");
}

#[test]
fn a_result_that_was_not_kept_outweighs_a_budget_and_not_a_broken_case() {
    let binary = bench("optimised", "optimised_build");
    let nowhere = std::path::Path::new("/proc/hub-bench");
    run(&binary, nowhere, quick(&["too_slow"])).expect_code(1);
    run(&binary, nowhere, quick(&["too_slow", "broken"])).expect_code(101);
}

#[test]
fn budgets_are_not_judged_on_a_single_iteration() {
    let results = Results::new();
    let binary = bench("optimised", "optimised_build");
    run(&binary, results.path(), ["--test", "too_slow"]).expect_code(0);
}
