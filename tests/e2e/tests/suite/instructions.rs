//! Instructions counted under Callgrind.

use std::process::{Command, Stdio};

use e2e_tests::{QUICK, Results, bench, bench_command, case_status, find, finish, run};
use serde_json::Value;

/// Whether Valgrind is there; a missing one is told, or fails where it is required.
fn valgrind_is_there() -> bool {
    let mut version = Command::new("valgrind");
    version.arg("--version").stdout(Stdio::null());
    let there = version.status().is_ok_and(|status| status.success());
    let required = std::env::var("HUB_BENCH_REQUIRE").is_ok_and(|list| list.contains("valgrind"));
    assert!(there || !required, "HUB_BENCH_REQUIRE asks for valgrind and it is not installed");
    if !there {
        println!(
            "skipped: no valgrind found, install the package valgrind or leave `valgrind` out of \
             HUB_BENCH_REQUIRE"
        );
    }
    there
}

/// The record of one iteration of each case that the filters take, and its instructions.
fn counted(filters: &[&str]) -> Value {
    let results = Results::new();
    let arguments = ["--test", "--instructions"].iter().chain(filters);
    run(&bench("counted", "instructions"), results.path(), arguments).expect_code(0);
    results.latest()
}

fn instructions(record: &Value, name: &str) -> f64 {
    let case = find(record, &format!("counted::{name}"));
    let estimate = case["metrics"]["instructions"]["estimate"].as_f64();
    estimate.unwrap_or_else(|| panic!("no instructions in {case}"))
}

fn has_note(record: &Value, name: &str) -> bool {
    let notes = find(record, &format!("counted::{name}"))["notes"].as_array();
    notes.is_some_and(|notes| notes.iter().any(|n| n["code"] == "instructions_by_callgrind"))
}

fn is_near(a: f64, b: f64) -> bool {
    (a / b - 1.0).abs() < 0.01
}

#[test]
fn counts_are_the_same_each_time_and_grow_as_the_work_does() {
    if !valgrind_is_there() {
        return;
    }
    let filters = ["in_place", "with_inputs", "elsewhere", "together"];
    let (one, other) = (counted(&filters), counted(&filters));
    for (small, large) in [
        ("in_place[1000]", "in_place[2000]"),
        ("with_inputs[10000]", "with_inputs[20000]"),
        // Threads that an iteration starts count too; of several that run it, one does.
        ("elsewhere[100000]", "elsewhere[200000]"),
        ("together[1000]{t=2}", "together[2000]{t=2}"),
    ] {
        let (count, double) = (instructions(&one, small), instructions(&one, large));
        assert!(is_near(double, 2.0 * count), "{small}: {count}, {large}: {double}");
        for name in [small, large] {
            let (first, second) = (instructions(&one, name), instructions(&other, name));
            assert!(is_near(first, second), "{name}: {first}, then {second}");
            assert!(has_note(&one, name), "{name}");
        }
    }
    // A step is a few instructions, times a few more in an unoptimised build.
    let steps = instructions(&one, "in_place[1000]") / 1000.0;
    assert!((3.0..300.0).contains(&steps), "{steps}");
    assert!(is_near(instructions(&one, "together[1000]{t=2}"), steps * 1000.0));
}

#[test]
fn neither_the_loop_nor_what_comes_before_is_counted() {
    if !valgrind_is_there() {
        return;
    }
    let record = counted(&["nothing", "after_setup", "in_place[1000]"]);
    // What an unoptimised call of an empty function takes.
    assert!(instructions(&record, "nothing") < 60.0);
    let step = instructions(&record, "in_place[1000]") / 1000.0;
    let ten_steps = instructions(&record, "after_setup");
    assert!((10.0 * step..40.0 * step).contains(&ten_steps), "{ten_steps}");
}

#[test]
fn a_case_that_breaks_under_valgrind_keeps_its_other_figures() {
    if !valgrind_is_there() {
        return;
    }
    let results = Results::new();
    let temporary = results.path().join("temporary");
    std::fs::create_dir(&temporary).expect("a folder for temporary files");
    let mut command = bench_command(&bench("counted", "instructions"), results.path());
    command.args(["--quick", "--max-time", "5ms", "shy", "nothing"]).env("TMPDIR", &temporary);
    finish(command.env("HUB_BENCH_INSTRUCTIONS", "true")).expect_code(0);
    let record = results.latest();
    assert_eq!(case_status(&record, "counted::shy"), "measured");
    let shy = find(&record, "counted::shy");
    assert!(shy["metrics"]["time"]["estimate"].is_number() && !has_note(&record, "shy"));
    let why = shy["absent"]["instructions"].as_str().unwrap_or_default();
    assert!(why.contains("under Callgrind it died") && why.contains("SIGABRT"), "{why}");
    assert!(has_note(&record, "nothing"));
    let left = std::fs::read_dir(&temporary).expect("the folder is there").count();
    assert_eq!(left, 0, "files are left over");
}

#[test]
fn a_budget_on_them_binds() {
    let binary = bench("counted", "instructions");
    let results = Results::new();
    let outcome = run(&binary, results.path(), QUICK.into_iter().chain(["over_budget"]));
    outcome.expect_code(4).expect_stdout(&["`--instructions` has Callgrind count them"]);
    if valgrind_is_there() {
        let outcome = run(&binary, results.path(), ["--test", "over_budget", "--instructions"]);
        outcome.expect_code(4).expect_stdout(&["`instructions < 100`: it is "]);
    }
}

#[test]
fn without_valgrind_nothing_is_measured_and_the_packages_are_named() {
    let results = Results::new();
    let mut command = bench_command(&bench("counted", "instructions"), results.path());
    command.args(["--test", "--instructions"]).env("PATH", results.path());
    let outcome = finish(&mut command);
    outcome.expect_code(1).expect_stderr(&[
        "there is no `valgrind` here",
        "apt-get install valgrind",
        "dnf install valgrind",
        "macOS",
    ]);
    assert_eq!(outcome.stdout, "");
    assert!(results.runs().is_empty());
}

#[test]
fn without_the_flag_they_are_absent_with_the_reason() {
    let results = Results::new();
    let arguments = ["--quick", "--max-time", "5ms", "--exact", "counted::nothing"];
    run(&bench("counted", "instructions"), results.path(), arguments).expect_code(0);
    let record = results.latest();
    for name in ["instructions", "cycles", "cache_misses", "branch_misses"] {
        let why = record["run"]["absent"][name].as_str();
        assert_eq!(why, Some("bench-sdk was built without its feature `perf`"), "{name}");
    }
    assert!(record["run"]["absent"]["energy"].is_string(), "{record}");
}
