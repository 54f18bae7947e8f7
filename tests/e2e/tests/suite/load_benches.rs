//! Load benches in bench binaries and in the tests of their crate.

use std::process::Command;

use e2e_tests::{QUICK, Results, bench, cargo, clean, finish, run, unit_tests};
use serde_json::Value;

fn generated_test(name: &str) -> e2e_tests::Outcome {
    let mut command = Command::new(unit_tests("loads"));
    clean(&mut command);
    finish(command.args(["--exact", "--include-ignored", &format!("hub_bench_{name}")]))
}

#[test]
fn good_ones_pass_as_tests() {
    for name in ["good", "state", "ignored"] {
        generated_test(name).expect_code(0).expect_stdout(&["1 passed"]);
    }
}

#[test]
fn each_failure_fails_its_test_and_says_why() {
    for (name, why) in [
        ("fails", "loads::fails: failed: \"the answer was 503\""),
        ("panics", "loads::panics: failed: panicked: somebody is there at "),
        ("hangs", "loads::hangs: "),
        ("setup_fails", "`setup` failed: \"no server answers\""),
        ("teardown_fails", "`teardown` failed: \"the server did not stop\""),
        ("exits", "exit code 0"),
        ("has_a_threshold_that_is_none", "parsecs"),
    ] {
        let outcome = generated_test(name);
        outcome.expect_code(101).expect_stdout(&["1 failed"]);
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(said.contains(why), "{name}: {why}\n{outcome}");
    }
}

#[test]
fn ignored_ones_are_left_out_unless_asked_for() {
    let mut command = Command::new(unit_tests("loads"));
    clean(&mut command);
    let outcome = finish(command.args(["--exact", "hub_bench_ignored"]));
    outcome.expect_code(0).expect_stdout(&["ignored, needs a server", "1 ignored"]);
}

#[test]
fn they_are_listed_in_a_section_of_their_own_and_not_to_test_runners() {
    let results = Results::new();
    let list = |format: &str| {
        run(&bench("loads", "loads"), results.path(), ["--list", "--format", format])
    };
    list("pretty").expect_code(0).expect_stdout(&[
        "1 case in 1 crate load tests",
        "├─ loads::good #good",
        "loads::ignored ignored: needs a server",
        "10 load tests; run one with cargo hub-bench load NAME",
    ]);
    assert_eq!(list("terse").stdout, "loads::measured: benchmark\n");
    let json: Value = serde_json::from_str(&list("json").stdout).expect("JSON");
    assert_eq!(json["count"], 1);
    assert_eq!(json["load_benches"][1]["id"], "loads::fails");
    let file = json["load_benches"][1]["source"]["file"].as_str();
    assert!(file.is_some_and(|file| file.ends_with("src/lib.rs")), "{json}");
}

#[test]
fn a_filter_selects_among_them() {
    let results = Results::new();
    let outcome = run(&bench("loads", "loads"), results.path(), ["--list", "_fails"]);
    outcome.expect_code(0).expect_stdout(&["load tests", "loads::setup_fails", "2 load tests"]);
    assert!(!outcome.stdout.contains("measured"), "{outcome}");
}

#[test]
fn a_bench_binary_measures_the_rest_and_says_how_to_run_them() {
    let results = Results::new();
    let outcome = run(&bench("loads", "loads"), results.path(), QUICK);
    outcome.expect_code(0).expect_stdout(&["measured"]).expect_stderr(&[
        "10 load tests are registered and not run here:  cargo hub-bench load loads::exits, \
         and 9 more",
    ]);
    let outcome = run(&bench("loads", "loads"), results.path(), QUICK.iter().chain(&["measured"]));
    outcome.expect_code(0);
    assert!(!outcome.stderr.contains("load test"), "{outcome}");
}

#[test]
fn a_bench_binary_of_load_benches_alone_has_nothing_to_measure_and_succeeds() {
    let results = Results::new();
    let outcome = run(&bench("loads", "loads_only"), results.path(), QUICK);
    outcome.expect_code(0).expect_stderr(&[
        "1 load test is registered and not run here:  cargo hub-bench load loads_only::alone",
    ]);
    assert!(outcome.stdout.is_empty(), "{outcome}");
}

/// Built alone, or the features of the others decide.
#[test]
fn without_the_feature_they_compile_and_say_what_is_missing() {
    let mut command = cargo(&["test", "-p", "tokioless", "--features", "bench", "--lib"]);
    let outcome = finish(command.args(["--", "hub_bench_load_bench"]));
    outcome.expect_code(101);
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(said.contains("load benches need the feature `load` of bench-sdk"), "{outcome}");
}

#[test]
fn the_command_builds_the_bench_binaries_and_runs_the_one_that_is_meant() {
    let results = Results::new();
    let call = |words: &str| {
        let arguments: Vec<&str> = words.split(' ').collect();
        crate::hub_bench::call(results.path(), &arguments)
    };
    let built = "-p loads -p targets --bench loads --bench steady --profile dev";
    let outcome = call(&format!("load good {built} --vus 2 --iterations 10"));
    outcome.expect_code(0).expect_stdout(&["loads::good", "passed", "10 iterations"]);
    let outcome = call(&format!("load {built} loads::fails --vus 1 --iterations 3"));
    outcome.expect_code(4).expect_stdout(&["the answer was 503"]);
    let outcome = call(&format!("load gud {built}"));
    outcome.expect_code(2).expect_stderr(&["there is no load bench `gud`", "loads::good"]);
    let outcome = call("load good -p targets --bench steady --profile dev");
    outcome.expect_code(2).expect_stderr(&["no bench binary has any"]);
    let outcome = call(&format!("load good {built} --vus many"));
    outcome.expect_code(2).expect_stderr(&["--vus", "many"]);
}
