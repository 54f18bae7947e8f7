//! Allocations are counted exactly, and budgets on them bind everywhere.

use std::process::Command;

use e2e_tests::{QUICK, Results, bench, case_status, clean, find, finish, run, unit_tests};

#[test]
fn counts_are_exact_and_budgets_on_them_bind_in_any_build() {
    let results = Results::new();
    let outcome = run(&bench("allocating", "counting"), results.path(), QUICK);
    outcome.expect_code(4).expect_stdout(&["over budget", "`allocs == 0`: it is 1\n"]);
    let record = results.latest();
    let counted =
        |id: &str, metric: &str| find(&record, id)["metrics"][metric]["estimate"].as_f64();
    assert_eq!(counted("allocating::two", "allocs"), Some(2.0));
    assert_eq!(counted("allocating::two", "alloc_bytes"), Some(108.0));
    assert_eq!(counted("allocating::clones", "allocs"), Some(1.0));
    assert_eq!(counted("allocating::clones", "alloc_bytes"), Some(1_000.0));
    assert_eq!(counted("allocating::lazy", "allocs"), Some(0.0));
    for fine in ["two", "clones", "lazy", "elsewhere", "leaks"] {
        assert_eq!(case_status(&record, &format!("allocating::{fine}")), "measured", "{fine}");
    }
    assert_eq!(case_status(&record, "allocating::over_budget"), "budget_failed");
    outcome.expect_stdout(&["every iteration leaves 64 B allocated"]);
    let leaks = |id: &str| find(&record, id)["notes"].to_string().contains("\"leak\"");
    assert!(leaks("allocating::leaks") && !leaks("allocating::two") && !leaks("allocating::lazy"));
}

#[test]
fn a_single_iteration_is_held_to_them_too() {
    let results = Results::new();
    let binary = bench("allocating", "counting");
    run(&binary, results.path(), ["--test", "--exact", "allocating::two"]).expect_code(0);
    run(&binary, results.path(), ["--test", "over_budget"]).expect_code(4);
}

#[test]
fn the_generated_tests_check_them() {
    let mut command = Command::new(unit_tests("allocating"));
    clean(&mut command);
    let outcome = finish(&mut command);
    outcome.expect_code(101).expect_stdout(&[
        "test hub_bench_two ... ok",
        "test hub_bench_clones ... ok",
        "test hub_bench_lazy ... ok",
        "test hub_bench_over_budget ... FAILED",
        "`allocs == 0`",
    ]);
}

#[test]
fn without_the_allocator_a_budget_on_them_says_what_to_install() {
    let results = Results::new();
    let binary = bench("allocating", "uncounted");
    let outcome = run(&binary, results.path(), QUICK.into_iter().chain(["over_budget"]));
    outcome.expect_code(4).expect_stdout(&["is not measured; install `bench_sdk::BenchAlloc`"]);
}
