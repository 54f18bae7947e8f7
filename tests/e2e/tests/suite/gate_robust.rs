//! Gates that are killed, interrupted, short of space, or given what they cannot use.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use e2e_tests::{
    Mounted, Outcome, QUICK, Results, bench, bench_command, clean, finish, fixtures_dir, hub_bench,
    measured, processes_with, run, send_signal, target_dir, until, wait_for_exit,
};
use serde_json::Value;

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(40);
/// Arguments of a comparison that takes little time, on executables that are the same.
const SHORT: [&str; 3] = ["--measure-identical", "--budget", "1s"];

/// A copy of benches that do what a word of five letters in their executable says.
fn ordered(results: &Results, word: &str, name: &str) -> PathBuf {
    const ORDER: &[u8] = b"this order: quiet";
    let path = results.path().join(name);
    let mut bytes = fs::read(bench("targets", "by_order")).unwrap();
    let places: Vec<usize> = bytes
        .windows(ORDER.len())
        .enumerate()
        .filter(|(_, b)| *b == ORDER)
        .map(|(at, _)| at)
        .collect();
    let [place] = places.try_into().unwrap();
    let end = place + ORDER.len();
    bytes[end - word.len()..end].copy_from_slice(word.as_bytes());
    fs::write(&path, bytes).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Two copies of these benches that do nothing but measure.
fn alike(results: &Results) -> [PathBuf; 2] {
    ["old", "new"].map(|name| ordered(results, "quiet", name))
}

/// `gate` between two executables.
fn gate(results: &Path, old: &Path, new: &Path, arguments: &[&str]) -> Command {
    let mut command = bench_command(&hub_bench(), results);
    command.arg("gate").args(SHORT).arg("--executables").arg(old).arg(new).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// `gate` in the workspace of the fixtures, which are built already.
fn gate_of_steady(results: &Results, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(hub_bench());
    clean(&mut command);
    command.args(["hub-bench", "gate", "--profile", "dev", "-p", "targets", "--bench", "steady"]);
    command.args(arguments).current_dir(fixtures_dir());
    command.env("HUB_BENCH_DIR", results.path()).env("CARGO_TARGET_DIR", target_dir());
    finish(command.stdin(Stdio::null()))
}

/// A comparison that goes on for some seconds; comes back when both sides of a case are running.
fn underway(results: &Results, marker: &str, arguments: &[&str]) -> Child {
    let slow = bench("targets", "slow");
    let mut command = gate(results.path(), &slow, &slow, arguments);
    let child = command.env("E2E_MARKER", marker).spawn().unwrap();
    assert!(until(PATIENCE, || workers(&child, marker).len() >= 2), "no workers");
    child
}

fn workers(gate: &Child, marker: &str) -> Vec<u32> {
    processes_with(marker).into_iter().filter(|id| *id != gate.id()).collect()
}

fn marker(name: &str) -> String {
    format!("e2e-gate-{name}-{}", std::process::id())
}

/// Ids of what broke, with the side.
fn broken(record: &Value) -> Vec<(&str, &str)> {
    let broken = record["broken"].as_array().map(Vec::as_slice).unwrap_or_default();
    broken.iter().map(|case| (text(&case["id"]), text(&case["side"]))).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The verdict on that metric of that case.
fn verdict<'a>(record: &'a Value, id: &str, metric: &str) -> &'a str {
    let comparisons = record["comparisons"].as_array().unwrap();
    let found = comparisons.iter().find(|found| found["id"] == id && found["metric"] == metric);
    found.and_then(|found| found["verdict"].as_str()).unwrap_or("not judged")
}

/// The only comparison that is kept.
fn kept(results: &Results) -> Value {
    let [folder] = results.runs().try_into().unwrap();
    let text = fs::read_to_string(folder.join("comparison.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_gate_that_is_killed_leaves_no_process_and_hinders_no_other() {
    measured(|| {
        let results = Results::new();
        let marker = marker("killed");
        let mut child = underway(&results, &marker, &[]);
        child.kill().unwrap();
        child.wait().unwrap();
        let gone = until(Duration::from_secs(5), || processes_with(&marker).is_empty());
        assert!(gone, "{:?} live on", processes_with(&marker));
        assert!(results.runs().is_empty());
        let left = results.path().join("scratch/left");
        fs::write(&left, "by the killed one").unwrap();
        let [old, new] = alike(&results);
        finish(&mut gate(results.path(), &old, &new, &[])).expect_code(0);
        assert!(!left.exists());
        assert_eq!(broken(&kept(&results)), []);
    });
}

#[test]
fn a_worker_that_is_killed_costs_its_case() {
    let results = Results::new();
    let marker = marker("worker");
    let child = underway(&results, &marker, &[]);
    let worker = workers(&child, &marker)[0].to_string();
    let killed = Command::new("kill").args(["-9", &worker]).status().unwrap();
    assert!(killed.success(), "it ended by itself");
    let outcome = Outcome::from(child.wait_with_output().unwrap());
    outcome.expect_code(101).expect_stdout(&["SIGKILL"]);
    let record = kept(&results);
    assert_eq!(broken(&record).len(), 1, "{record:#}");
    let times = record["comparisons"].as_array().unwrap().iter();
    assert_eq!(times.filter(|found| found["metric"] == "time").count(), 5, "{record:#}");
}

#[test]
fn an_interrupt_ends_a_gate_and_its_processes() {
    let results = Results::new();
    let marker = marker("interrupted");
    let mut child = underway(&results, &marker, &[]);
    send_signal(&child, libc::SIGINT);
    assert!(wait_for_exit(&mut child, PATIENCE).is_some(), "it does not end");
    let outcome = Outcome::from(child.wait_with_output().unwrap());
    outcome.expect_code(1).expect_stdout(&["stopped before all was judged"]);
    assert!(until(Duration::from_secs(5), || processes_with(&marker).is_empty()));
    assert_eq!(kept(&results)["interrupted"], true);
}

#[test]
fn what_a_candidate_does_costs_one_case_and_names_the_side() {
    measured(|| {
        for (word, told) in
            [("panic", "told to panic"), ("hangs", "700ms"), ("exits", "exit code 0")]
        {
            for swapped in [false, true] {
                let results = Results::new();
                let plain = ordered(&results, "quiet", "plain");
                let unruly = ordered(&results, word, "unruly");
                let arguments = ["--timeout", "700ms"];
                let (old, new, side) = if swapped {
                    (&unruly, &plain, "baseline")
                } else {
                    (&plain, &unruly, "candidate")
                };
                let outcome = finish(&mut gate(results.path(), old, new, &arguments));
                outcome.expect_code(101).expect_stdout(&["by_order::obeys", side, told]);
                let record = kept(&results);
                assert_eq!(broken(&record), [("by_order::obeys", side)], "{word}: {record:#}");
                assert_ne!(verdict(&record, "by_order::stays", "time"), "not judged", "{record:#}");
            }
        }
    });
}

#[test]
fn sides_that_are_swapped_mirror_each_other() {
    measured(|| {
        let results = Results::new();
        let plain = ordered(&results, "quiet", "plain");
        let slow = ordered(&results, "slows", "slow");
        let judged = |old: &Path, new: &Path, code: i32| {
            let arguments = ["--budget", "10s", "--threshold", "5%", "--output-format", "json"];
            let outcome = finish(&mut gate(results.path(), old, new, &arguments));
            outcome.expect_code(code);
            let record: Value = serde_json::from_str(&outcome.stdout).unwrap();
            assert_ne!(verdict(&record, "by_order::stays", "time"), "regressed", "{record:#}");
            assert_ne!(verdict(&record, "by_order::stays", "time"), "improved", "{record:#}");
            let comparisons = record["comparisons"].as_array().unwrap();
            let found = comparisons.iter().find(|f| f["id"] == "by_order::obeys").unwrap().clone();
            (found["verdict"].as_str().unwrap().to_owned(), found["ratio"]["estimate"].as_f64())
        };
        let (regressed, up) = judged(&plain, &slow, 3);
        let (improved, down) = judged(&slow, &plain, 0);
        assert_eq!((regressed.as_str(), improved.as_str()), ("regressed", "improved"));
        let product = up.unwrap() * down.unwrap();
        assert!((product - 1.0).abs() < 0.05, "{up:?} × {down:?}");
    });
}

#[test]
fn what_benches_print_does_not_mix_with_the_document() {
    measured(|| {
        let results = Results::new();
        let plain = ordered(&results, "quiet", "plain");
        let prints = ordered(&results, "print", "prints");
        let arguments = ["--output-format", "json"];
        let outcome = finish(&mut gate(results.path(), &plain, &prints, &arguments));
        let record: Value =
            serde_json::from_str(&outcome.stdout).unwrap_or_else(|e| panic!("{e}\n{outcome}"));
        assert_eq!(broken(&record), [], "{outcome}");
        assert_ne!(verdict(&record, "by_order::obeys", "time"), "not judged");
        crate::schema::validate_comparison(&record);
    });
}

#[test]
fn ids_cannot_reach_past_the_place_where_they_are_shown() {
    measured(|| {
        let results = Results::new();
        let hostile = bench("targets", "hostile");
        for arguments in [&["--verbose"][..], &["--output-format", "markdown"]] {
            let arguments = [arguments, &["--budget", "1ms"]].concat();
            let outcome = finish(&mut gate(results.path(), &hostile, &hostile, &arguments));
            outcome.expect_code(0);
            crate::hostile::safe_for_a_terminal(&outcome.stdout);
            crate::hostile::safe_for_a_terminal(&outcome.stderr);
            assert!(outcome.stdout.contains("alert(1)"), "{outcome}");
        }
        for folder in results.runs() {
            let text = fs::read_to_string(folder.join("comparison.json")).unwrap();
            let record: Value = serde_json::from_str(&text).unwrap();
            crate::schema::validate_comparison(&record);
        }
    });
}

#[test]
fn a_full_disk_is_told_and_nothing_half_is_left() {
    let results = Results::new();
    let full = results.path().join("full");
    fs::create_dir(&full).unwrap();
    let Some(_mounted) = Mounted::tiny(&full, 1 << 16) else {
        println!("skipped: a file system of some pages cannot be mounted here");
        return;
    };
    assert!(fs::write(full.join("filler"), vec![b'x'; 1 << 17]).is_err());
    let [old, new] = alike(&results);
    let arguments = ["--output-format", "json"];
    let outcome = finish(&mut gate(&full, &old, &new, &arguments));
    outcome.expect_code(1).expect_stderr(&["the comparison was not kept", "No space left"]);
    // What was found is not lost.
    let record: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_ne!(verdict(&record, "by_order::stays", "time"), "not judged");
    let mut found = Vec::new();
    files_below(&full, &mut found);
    let names: Vec<_> = found.iter().filter_map(|path| path.file_name()?.to_str()).collect();
    // What was told while it went on is nothing that is kept.
    let expected = ["filler", "measuring.lock", "progress.jsonl"];
    assert!(names.iter().all(|name| expected.contains(name)), "{found:?}");
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

#[test]
fn two_gates_at_once_take_turns() {
    measured(|| {
        let results = Results::new();
        let [old, new] = alike(&results);
        let start = || gate(results.path(), &old, &new, &[]).spawn().unwrap();
        let both = [start(), start()];
        let outcomes = both.map(|child| Outcome::from(child.wait_with_output().unwrap()));
        let waited = |outcome: &&Outcome| outcome.stderr.contains("waiting for another run");
        assert_eq!(outcomes.iter().filter(waited).count(), 1, "{}\n{}", outcomes[0], outcomes[1]);
        for outcome in &outcomes {
            outcome.expect_code(0);
        }
        assert_eq!(results.runs().len(), 2);
    });
}

#[test]
fn a_baseline_whose_executable_is_cut_is_not_run() {
    let results = Results::new();
    let steady = bench("targets", "steady");
    let saving = ["--save-baseline", "main", "--allow-unoptimized"];
    run(&steady, results.path(), QUICK.iter().chain(&saving)).expect_code(0);
    let place = results.path().join("baselines/main/targets--steady");
    let files = fs::read_dir(place).unwrap().flatten().map(|entry| entry.path());
    let copy = files.filter(|p| p.is_file()).find(|p| !p.ends_with("baseline.json")).unwrap();
    let bytes = fs::read(&copy).unwrap();
    fs::write(&copy, &bytes[..bytes.len() / 2]).unwrap();
    let outcome = run(&steady, results.path(), QUICK.iter().chain(&["--baseline", "main"]));
    outcome.expect_stderr(&["compared by records only: "]).expect_stdout(&["unpaired"]);
    assert!([Some(0), Some(3)].contains(&outcome.code), "{outcome}");
    let outcome = gate_of_steady(&results, &["--baseline", "main"]);
    outcome.expect_code(1).expect_stderr(&["error: ", "baselines/main/targets--steady"]);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn what_does_not_exist_is_named_with_what_does() {
    let results = Results::new();
    let unknown = gate_of_steady(&results, &["no-such-revision"]);
    unknown.expect_code(2).expect_stderr(&["git knows no revision `no-such-revision`", "help: "]);
    let unknown = gate_of_steady(&results, &["--baseline", "main"]);
    unknown.expect_code(2).expect_stderr(&["baseline `main` does not exist", "known: none"]);
    let saving = ["--save-baseline", "main", "--allow-unoptimized", "steady::one"];
    run(&bench("targets", "steady"), results.path(), QUICK.iter().chain(&saving)).expect_code(0);
    let unknown = gate_of_steady(&results, &["--baseline", "mian"]);
    unknown.expect_code(2).expect_stderr(&["known: main (1 run, ", "did you mean `main`?"]);
    assert!(!unknown.stderr.contains("Finished"), "built for nothing\n{unknown}");
    let unknown = gate_of_steady(&results, &["mian"]);
    unknown.expect_code(2).expect_stderr(&["git knows no revision `mian`", "baselines: main"]);
}

#[test]
fn an_executable_without_benches_is_refused() {
    let results = Results::new();
    let steady = bench("targets", "steady");
    let text = results.path().join("text");
    fs::write(&text, "no program").unwrap();
    for stranger in [Path::new("/bin/sh"), &text] {
        let outcome = finish(&mut gate(results.path(), &steady, stranger, &[]));
        outcome.expect_code(1).expect_stderr(&["holds no benches of this SDK", "help: "]);
    }
    let outcome = finish(&mut gate(results.path(), &steady, Path::new("no/such"), &[]));
    outcome.expect_code(1).expect_stderr(&["no/such", "No such file"]);
    assert!(results.runs().is_empty());
}
