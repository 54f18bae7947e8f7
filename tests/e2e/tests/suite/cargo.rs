//! Through cargo: what it builds and with which mode it runs.

use std::collections::BTreeSet;

use e2e_tests::{Results, cargo, finish};

/// Crates in the normal dependency tree of the fixture that depends on nothing else.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let mut command = cargo(&["tree", "-p", "bare", "-e", "normal", "--prefix", "none"]);
    let outcome = finish(command.args(["--format", "{p}"]).args(arguments));
    outcome.expect_code(0);
    outcome.stdout.lines().filter_map(|line| Some(line.split(' ').next()?.to_owned())).collect()
}

#[test]
fn without_the_feature_two_crates_are_built() {
    let expected = ["bare", "bench-macros", "bench-sdk"].map(str::to_owned);
    assert_eq!(tree(&[]), BTreeSet::from(expected));
}

#[test]
fn with_the_feature_at_most_22_crates_are_built() {
    let mut crates = tree(&["--features", "bench"]);
    assert!(crates.remove("bare") && crates.contains("inventory"));
    assert!(crates.len() <= 22, "{} crates: {crates:?}", crates.len());
}

#[test]
fn cargo_bench_measures_in_full() {
    let results = Results::new();
    // In the profile that is built already; what `--bench` does is the same in all of them.
    let mut command = cargo(&["bench", "--profile", "dev", "-p", "simple", "--features", "bench"]);
    command.args(["--", "--sample-count", "3", "--launches", "2"]);
    let outcome = finish(command.env("HUB_BENCH_DIR", results.path()));
    outcome.expect_code(0).expect_stdout(&["1 measured"]);
    let record = results.latest();
    assert_eq!((&record["run"]["mode"], &record["run"]["target"]), (&"full".into(), &"hub".into()));
    assert_eq!(record["run"]["package"], "simple");
    assert_eq!(results.runs().len(), 1);
}

#[test]
fn cargo_test_measures_quickly_and_runs_the_generated_test() {
    let results = Results::new();
    let mut command = cargo(&["test", "-p", "simple", "--features", "bench"]);
    let outcome = finish(command.env("HUB_BENCH_DIR", results.path()));
    outcome.expect_code(0);
    outcome.expect_stdout(&["test hub_bench_simple ... ok", "1 measured"]);
    let record = results.latest();
    assert_eq!(record["run"]["mode"], "quick");
    assert_eq!(record["run"]["target"], "hub_bench");
    assert_eq!(results.runs().len(), 1);
    assert_eq!(record["cases"][0]["launches"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_filter_of_cargo_test_reaches_every_target_and_fails_none() {
    let results = Results::new();
    let mut command = cargo(&["test", "-p", "simple", "--features", "bench", "no_such_name"]);
    finish(command.env("HUB_BENCH_DIR", results.path())).expect_code(0);
}

#[test]
fn results_go_to_the_target_folder_of_the_workspace_by_default() {
    let mut command =
        cargo(&["test", "-p", "simple", "--features", "bench", "--test", "hub_bench"]);
    let outcome = finish(command.args(["--", "--test"]));
    outcome.expect_code(0);
    let latest = e2e_tests::target_dir().join("hub-bench/runs/latest/run.json");
    assert!(latest.is_file(), "{}\n{outcome}", latest.display());
}
