//! The command `cargo hub-bench`.

use std::fs;
use std::path::Path;

use e2e_tests::{Outcome, Results, clean, finish, fixtures_dir, hub_bench, ids, target_dir};
use serde_json::Value;

/// The command among the fixtures, called as cargo does it.
pub(crate) fn call(results: &Path, arguments: &[&str]) -> Outcome {
    let mut command = std::process::Command::new(hub_bench());
    clean(&mut command);
    command.arg("hub-bench").args(arguments).current_dir(fixtures_dir());
    command.env("HUB_BENCH_DIR", results).env("CARGO_TARGET_DIR", target_dir());
    finish(command.stdin(std::process::Stdio::null()))
}

/// A verb that builds, in the profile that is built already, and what stands behind `--`.
fn build(results: &Results, verb: &str, selection: &str, flags: &str) -> Outcome {
    let mut arguments = vec![verb, "--profile", "dev"];
    arguments.extend(selection.split_whitespace());
    arguments.push("--");
    arguments.extend(flags.split_whitespace());
    call(results.path(), &arguments)
}

const TWO: &str = "-p simple -p targets --bench hub --bench steady";
const STEADY: [&str; 5] = [
    "steady::many[100]",
    "steady::many[10]",
    "steady::many[1]",
    "steady::one",
    "steady::with_bytes",
];

#[test]
fn bench_binaries_of_several_packages_make_one_run() {
    let results = Results::new();
    let outcome = build(&results, "run", TWO, "--test");
    outcome.expect_code(0).expect_stdout(&["6 cases of 2 bench binaries in one run", "kept in"]);
    assert_eq!(results.runs().len(), 1);
    let record = results.latest();
    let mut expected = vec!["simple::simple"];
    expected.extend(STEADY);
    assert_eq!(ids(&record), expected);
    let run = &record["run"];
    assert_eq!(
        (&run["package"], &run["target"]),
        (&"simple, targets".into(), &"hub, steady".into())
    );
    assert_eq!(run["registered"], 6);
    build(&results, "run", TWO, "--test").expect_code(0);
    assert_eq!(results.runs().len(), 2);
}

#[test]
fn filters_may_match_in_one_bench_binary_only() {
    let results = Results::new();
    let outcome = build(&results, "run", &format!("{TWO} one"), "--test --strict");
    outcome.expect_code(0).expect_stderr(&["hub: 0 of 1 selected"]);
    assert_eq!(ids(&results.latest()), ["steady::one"]);
    build(&results, "run", &format!("{TWO} no_such"), "--test --strict").expect_code(6);
}

#[test]
fn a_failure_in_one_bench_binary_does_not_stop_the_others() {
    let results = Results::new();
    let selection = "-p budgets -p targets --bench debug_build --bench steady";
    let outcome = build(&results, "run", selection, "--test");
    outcome.expect_code(101);
    let record = results.latest();
    let found = ids(&record);
    assert!(STEADY.iter().all(|id| found.iter().any(|found| found == id)), "{found:?}");
}

#[test]
fn an_output_file_holds_the_whole_run() {
    let results = Results::new();
    let file = results.path().join("all.json");
    let flags = format!("--test --output-format json --output {}", file.display());
    build(&results, "run", TWO, &flags).expect_code(0).expect_stderr(&["json in "]);
    let written: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(ids(&written).len(), 6);
    let outcome = build(&results, "run", TWO, "--test --output-format json");
    let printed: Value = serde_json::from_str(&outcome.expect_code(0).stdout).unwrap();
    assert_eq!(ids(&printed).len(), 6);
    outcome.expect_stderr(&["steady", "6 cases of 2 bench binaries"]);
}

#[test]
fn strangers_are_not_started() {
    let results = Results::new();
    let outcome = build(&results, "run", "-p simple --bench hub --bench stranger", "--test");
    outcome.expect_code(0);
    assert!(!outcome.stdout.contains("stranger was started"), "{outcome}");
    let outcome = build(&results, "run", "-p simple --bench stranger", "--test");
    outcome.expect_code(6).expect_stderr(&["no bench binaries were built", "harness = false"]);
}

#[test]
fn what_cannot_be_built_is_told_by_cargo() {
    let results = Results::new();
    let outcome = build(&results, "run", "-p simple --bench no_such", "--test");
    outcome.expect_code(1).expect_stderr(&["no_such", "error: cargo could not build the benches"]);
    let outcome = call(results.path(), &["run", "--manifest-path", "/nowhere/Cargo.toml"]);
    outcome.expect_code(1);
}

#[test]
fn cases_are_listed_for_each_crate() {
    let results = Results::new();
    let outcome = build(&results, "list", TWO, "");
    outcome.expect_code(0).expect_stdout(&[
        "simple 1 · simple/hub",
        "steady 5 · targets/steady",
        "6 cases in 2 crates, of 2 bench binaries",
    ]);
    let terse = build(&results, "list", &format!("--format terse {TWO} many"), "--skip 100");
    terse.expect_code(0);
    assert_eq!(terse.stdout, "steady::many[10]: benchmark\nsteady::many[1]: benchmark\n");
    assert!(results.runs().is_empty());
}

/// Runs all partitions of the benches; gives the folders of their runs.
fn partitions(results: &Results, count: usize) -> Vec<String> {
    let mut folders = Vec::new();
    for k in 1..=count {
        let part = Results::new();
        let flags = format!("--test --partition {k}/{count}");
        build(&part, "run", "-p targets --bench steady", &flags).expect_code(0);
        let [folder] = part.runs().try_into().unwrap();
        let place = results.path().join(format!("part-{k}.json"));
        fs::copy(folder.join("run.json"), &place).unwrap();
        folders.push(place.display().to_string());
    }
    folders
}

fn merge(results: &Results, runs: &[String]) -> Outcome {
    let mut arguments = vec!["merge"];
    arguments.extend(runs.iter().map(String::as_str));
    call(results.path(), &arguments)
}

#[test]
fn partitions_become_one_run_without_losing_or_doubling_a_case() {
    let results = Results::new();
    // More than there are cases: some have none.
    let parts = partitions(&results, 7);
    merge(&results, &parts).expect_code(0).expect_stdout(&["5 cases of 7 runs"]);
    let record = results.latest();
    assert_eq!(ids(&record), STEADY);
    assert_eq!(
        (&record["run"]["registered"], &record["run"]["partition"]),
        (&5.into(), &Value::Null)
    );
    let missing = merge(&results, &[&parts[..2], &parts[3..]].concat());
    missing.expect_code(1).expect_stderr(&["of targets/steady there is no partition 3/7"]);
    let one = merge(&results, &parts[..1]);
    one.expect_code(2).expect_stderr(&["1 of at least 2 runs"]);
}

#[test]
fn runs_with_the_same_cases_do_not_merge() {
    let results = Results::new();
    for _ in 0..2 {
        build(&results, "run", "-p targets --bench steady one", "--test").expect_code(0);
    }
    let runs: Vec<String> = results.runs().iter().map(|run| run.display().to_string()).collect();
    let flags = "--quick --sample-count 3 --max-time 5ms";
    build(&results, "run", "-p targets --bench steady one", flags).expect_code(0);
    let refused = merge(&results, &[runs[0].clone(), "latest".to_owned()]);
    refused.expect_code(1).expect_stderr(&["of different builds: mode test and quick"]);
    let unknown = merge(&results, &[runs[0].clone(), "latset".to_owned()]);
    unknown.expect_code(2).expect_stderr(&["no run `latset`", "did you mean `latest`?"]);
    fs::write(Path::new(&runs[1]).join("run.json"), "{\"schema\": 99}").unwrap();
    merge(&results, &runs).expect_code(1).expect_stderr(&["schema 99"]);
}

#[test]
fn the_doctor_names_what_disturbs_and_what_changed() {
    let results = Results::new();
    let first = call(results.path(), &["doctor"]);
    first.expect_code(0).expect_stdout(&["doctor", "governor", "turbo", "points disturb"]);
    assert!(!first.stdout.contains("changed since"), "{first}");
    let file = results.path().join("doctor.json");
    let mut check: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    check["facts"]["kernel"] = "0.9 \u{1b}[31m".into();
    fs::write(&file, check.to_string()).unwrap();
    let second = call(results.path(), &["doctor"]);
    second.expect_code(0).expect_stdout(&["changed since", "kernel: 0.9"]);
    assert!(!second.stdout.contains('\u{1b}'), "{second}");
    fs::write(&file, "{").unwrap();
    let third = call(results.path(), &["doctor"]);
    third.expect_code(0).expect_stdout(&["not compared with the last check", "damaged"]);
    let fourth = call(results.path(), &["doctor"]);
    assert!(!fourth.expect_code(0).stdout.contains("compared"), "{fourth}");
}

#[test]
fn the_doctor_gives_the_exit_code_of_what_it_ran() {
    let results = Results::new();
    let governor = Path::new("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    if governor.exists() {
        println!("skipped: a test must not turn the switches of a machine that has them");
        return;
    }
    let outcome = call(results.path(), &["doctor", "--apply", "--", "sh", "-c", "exit 4"]);
    outcome.expect_code(4).expect_stderr(&["nothing to set"]);
    let outcome = call(results.path(), &["doctor", "--apply", "--", "no-such-program"]);
    outcome.expect_code(1).expect_stderr(&["failed to run `no-such-program`"]);
}

#[test]
fn every_verb_has_help_and_names_the_nearest_option() {
    let results = Results::new();
    for verb in ["run", "list", "merge", "doctor"] {
        let help = call(results.path(), &[verb, "--help"]);
        let usage = format!("Usage: cargo hub-bench {verb}");
        help.expect_code(0).expect_stdout(&[&usage]);
        assert!(help.stdout.lines().all(|line| line.chars().count() <= 100), "{help}");
        let wrong = call(results.path(), &[verb, "--hepl"]);
        wrong.expect_code(2).expect_stderr(&["unknown option `--hepl`", "did you mean `--help`?"]);
    }
    let unknown = call(results.path(), &["mrege"]);
    unknown.expect_code(2).expect_stderr(&["did you mean `merge`?"]);
}
