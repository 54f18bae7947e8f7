//! Budgets, and which exit code wins.

use e2e_tests::{QUICK, Results, bench, case_status, find, run};

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
