//! What is registered, where, and how often.

use std::collections::BTreeSet;

use e2e_tests::{QUICK, Results, bench, executable, finish, ids, run, unit_tests};

/// Ids that a bench binary lists, in its order.
fn listed(package: &str, target: &str) -> Vec<String> {
    listed_by(&bench(package, target))
}

fn listed_by(executable: &std::path::Path) -> Vec<String> {
    let results = Results::new();
    let outcome = run(executable, results.path(), ["--list", "--format", "terse"]);
    outcome.expect_code(0);
    assert!(outcome.stderr.is_empty(), "{outcome}");
    let id =
        |line: &str| line.strip_suffix(": benchmark").unwrap_or_else(|| panic!("{line}")).into();
    outcome.stdout.lines().map(id).collect()
}

const ALPHA: [&str; 11] = [
    "alpha::filled<16>",
    "alpha::filled<4>",
    "alpha::grouped::by_attribute",
    "alpha::grouped::by_group",
    "alpha::hidden::deeper::private",
    "alpha::ignored",
    "alpha::in_file::by_file",
    "alpha::twin",
    "alpha::twin#2",
    "alpha::zero<u64>",
    "alpha::zero<u8>",
];
const BETA: [&str; 2] = ["beta::reexported[1]", "beta::reexported[2]"];

#[test]
fn private_generic_and_equally_named_benches_of_several_crates_are_all_there() {
    let expected: Vec<&str> = ALPHA.into_iter().chain(BETA).collect();
    assert_eq!(listed("targets", "all"), expected);
}

#[test]
fn link_names_the_crates_and_leaves_out_what_they_depend_on() {
    assert_eq!(listed("targets", "beta_only"), BETA);
    let linked: Vec<&str> = ALPHA.into_iter().chain(["linked::own", "quiet::length"]).collect();
    assert_eq!(listed("targets", "linked"), linked);
}

#[test]
fn the_order_is_that_of_ids_and_the_same_in_every_start() {
    let first = listed("targets", "all");
    let mut sorted = first.clone();
    sorted.sort();
    assert_eq!(first, sorted);
    assert_eq!(listed("targets", "all"), first);
    let unique: BTreeSet<&String> = first.iter().collect();
    assert_eq!(unique.len(), first.len());
}

#[test]
fn a_dev_dependency_cycle_registers_each_bench_once() {
    // In its own bench target, and in its unit tests, where it is linked twice: once for the tests
    // and once for the crate that depends on it.
    assert_eq!(listed_by(&executable("alpha", "test", "hub_bench")), ALPHA);
    let mut command = std::process::Command::new(unit_tests("alpha"));
    e2e_tests::clean(&mut command);
    let outcome = finish(command.args(["--exact", "tests::registered", "--nocapture"]));
    outcome.expect_code(0);
    let registered: Vec<&str> =
        outcome.stdout.lines().filter_map(|line| line.strip_prefix("registered ")).collect();
    let expected: Vec<&str> =
        ALPHA.into_iter().filter(|id| *id != "alpha::ignored").chain(BETA).collect();
    assert_eq!(registered, expected, "{outcome}");
}

#[test]
fn a_crate_linked_twice_measures_its_own_tests_once() {
    let mut command = std::process::Command::new(unit_tests("alpha"));
    e2e_tests::clean(&mut command);
    let outcome = finish(command.arg("hub_bench_"));
    outcome.expect_code(0).expect_stdout(&["8 passed", "1 ignored"]);
    outcome.expect_stdout(&["hidden::deeper::hub_bench_private", "hub_bench_zero"]);
}

#[test]
fn a_crate_that_is_never_mentioned_makes_an_empty_registry_with_a_remedy() {
    let results = Results::new();
    let outcome = run(&bench("targets", "nothing"), results.path(), QUICK);
    outcome.expect_code(6).expect_stderr(&[
        "error: no benchmarks are registered in this executable",
        "bench_sdk::main!(link = [my_crate]);",
    ]);
    assert_eq!(outcome.stdout, "");
    assert!(results.runs().is_empty());
    // Listing never fails: cargo and nextest list every target.
    let listed = run(&bench("targets", "nothing"), results.path(), ["--list", "--format", "terse"]);
    listed.expect_code(0);
    assert_eq!(listed.stdout, "");
}

#[test]
fn a_linked_crate_with_its_feature_off_is_named_with_the_feature_to_add() {
    let results = Results::new();
    let outcome = run(&bench("targets", "feature_off"), results.path(), QUICK);
    outcome.expect_code(6).expect_stderr(&[
        "`link = [plain]`",
        "feature `bench`",
        "bench = [\"bench-sdk/bench\", \"plain/bench\"]",
        "targets",
    ]);
}

#[test]
fn a_crate_with_its_own_feature_off_compiles_and_runs_when_another_turns_it_on() {
    // It denies warnings, so that it is in the executable at all is half of the test.
    let results = Results::new();
    let outcome = run(&bench("targets", "linked"), results.path(), ["--test", "quiet::"]);
    outcome.expect_code(0);
    assert_eq!(ids(&results.latest()), ["quiet::length"]);
}

#[test]
fn the_list_counts_by_crate() {
    let results = Results::new();
    let outcome = run(&bench("targets", "linked"), results.path(), ["--list"]);
    outcome.expect_code(0);
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = outcome.stdout.lines().map(words).collect();
    for expected in ["alpha 11 cases", "linked 1 case", "quiet 1 case", "13 cases in 3 crates"] {
        assert!(lines.iter().any(|line| line == expected), "{expected}\n{outcome}");
    }
}

#[test]
fn ignored_benches_are_listed_and_run_only_when_asked_for() {
    let results = Results::new();
    let binary = bench("targets", "linked");
    let ran = |arguments: &[&str]| {
        run(&binary, results.path(), ["--test"].iter().chain(arguments)).expect_code(0);
        ids(&results.latest())
    };
    assert!(!ran(&["alpha::"]).contains(&"alpha::ignored".to_owned()));
    assert_eq!(ran(&["--ignored"]), ["alpha::ignored"]);
    assert_eq!(ran(&["--include-ignored"]).len(), 13);
    assert_eq!(ran(&["--tag", "private"]), ["alpha::hidden::deeper::private"]);
    assert_eq!(ran(&["--tag", "slow"]).len(), 2);
}
