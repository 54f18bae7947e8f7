//! The `#[test]` beside each bench, under libtest and under nextest.

use std::path::Path;
use std::process::Command;

use e2e_tests::{Results, cargo, clean, finish, unit_tests};

const PASS: [&str; 7] = [
    "descriptors::hub_bench_closes_its_output",
    "descriptors::hub_bench_forges_on_the_usual_streams",
    "descriptors::hub_bench_leaves_a_child",
    "descriptors::hub_bench_reads_standard_input",
    "hub_bench_also_behaves",
    "hub_bench_behaves",
    "hub_bench_may_return_err",
];
const FAIL: [&str; 9] = [
    "descriptors::hub_bench_leaves_a_child_and_dies",
    "hub_bench_aborts",
    "hub_bench_exits",
    "hub_bench_hangs",
    "hub_bench_never_benches",
    "hub_bench_overflows_the_stack",
    "hub_bench_panics",
    "hub_bench_panics_with_a_number",
    "hub_bench_returns_err",
];

fn libtest(executable: &Path, arguments: &[&str]) -> e2e_tests::Outcome {
    let mut command = Command::new(executable);
    clean(&mut command);
    finish(command.args(arguments).env("LINGER", "30"))
}

#[test]
fn each_generated_test_fails_alone() {
    let outcome = libtest(&unit_tests("unruly"), &[]);
    outcome.expect_code(101);
    let line = |name: &str, result: &str| format!("test {name} ... {result}");
    for name in PASS {
        outcome.expect_stdout(&[&line(name, "ok")]);
    }
    for name in FAIL {
        outcome.expect_stdout(&[&line(name, "FAILED")]);
    }
    outcome.expect_stdout(&["test result: FAILED", "exit code 0", "a panic of the benchmark"]);
}

#[test]
fn each_failing_test_fails_when_it_is_the_only_one() {
    for name in FAIL {
        let outcome = libtest(&unit_tests("unruly"), &["--exact", name]);
        outcome.expect_code(101).expect_stdout(&["1 failed"]);
    }
}

#[test]
fn cargo_test_of_the_library_runs_them() {
    let mut command = cargo(&["test", "-p", "unruly", "--lib", "--features", "bench"]);
    let outcome = finish(command.args(["--", "hub_bench_exits", "hub_bench_behaves"]));
    outcome.expect_code(101).expect_stdout(&[
        "running 2 tests",
        "test hub_bench_exits ... FAILED",
        "test hub_bench_behaves ... ok",
    ]);
}

#[test]
fn without_the_feature_there_are_none() {
    let outcome = finish(&mut cargo(&["test", "-p", "bare", "--lib"]));
    outcome.expect_code(0).expect_stdout(&["running 0 tests"]);
}

/// Whether nextest is there; a missing one is told, or fails where it is required.
fn nextest_is_there() -> bool {
    let there = finish(&mut cargo(&["nextest", "--version"])).code == Some(0);
    let required = std::env::var("HUB_BENCH_REQUIRE").is_ok_and(|list| list.contains("nextest"));
    assert!(there || !required, "HUB_BENCH_REQUIRE asks for nextest and it is not installed");
    if !there {
        println!("skipped: cargo-nextest is not installed");
    }
    there
}

#[test]
fn nextest_runs_the_generated_tests_each_for_itself() {
    if !nextest_is_there() {
        return;
    }
    let mut command = cargo(&["nextest", "run", "-p", "unruly", "--lib", "--features", "bench"]);
    command.args(["--no-fail-fast", "--color", "never", "--retries", "0"]);
    let outcome = finish(command.env("LINGER", "30"));
    outcome.expect_code(100);
    let told = |word: &str, name: &str| {
        let is = |line: &str| line.trim_start().starts_with(word) && line.ends_with(name);
        outcome.stderr.lines().any(|line| is(line.trim_end()))
    };
    for name in PASS {
        assert!(told("PASS", &format!(" {name}")), "{name}\n{outcome}");
    }
    for name in FAIL {
        assert!(told("FAIL", &format!(" {name}")), "{name}\n{outcome}");
    }
}

#[test]
fn nextest_runs_the_cases_of_a_bench_target_and_joins_them_in_one_run() {
    if !nextest_is_there() {
        return;
    }
    let results = Results::new();
    let mut command = cargo(&["nextest", "run", "--workspace", "--tests", "--features", "bench"]);
    command.args(["--color", "never", "-E", "binary(hub_bench) & package(alpha)"]);
    let outcome = finish(command.env("HUB_BENCH_DIR", results.path()));
    outcome.expect_code(0).expect_stderr(&["hub_bench alpha::filled<16>", "10 passed"]);
    assert_eq!(results.runs().len(), 1, "{outcome}");
    let record = results.latest();
    assert_eq!(e2e_tests::cases(&record).len(), 10, "{record:#}");
}
