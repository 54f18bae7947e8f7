//! The formats, and where they go.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use e2e_tests::{
    Outcome, QUICK, Results, bench, bench_command, cargo, finish, hub_bench, ids, run,
    wait_for_exit,
};
use serde_json::Value;

/// As github-action-benchmark has it.
const LIBTEST_LINE: &str =
    r"^test (.+)\s+\.\.\. bench:\s+([0-9,.]+) (\w+/\w+) \(\+/- ([0-9,.]+)\)$";

#[test]
fn json_goes_to_its_file_and_the_table_to_stdout() {
    let results = Results::new();
    let arguments = QUICK.iter().chain(&["--output-format", "json", "--output", "r.json", "many"]);
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(0).expect_stdout(&["steady", "many", "3 measured"]);
    let text = fs::read_to_string(results.path().join("r.json")).unwrap();
    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(written, results.latest());
    assert_eq!(written["run"]["registered"], 5);
    assert_eq!(ids(&written).len(), 3);
}

#[test]
fn json_stands_alone_on_stdout_and_the_table_on_stderr() {
    let results = Results::new();
    let arguments = QUICK.iter().chain(&["--output-format", "json"]);
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(0).expect_stderr(&["5 measured"]);
    let record: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(record, results.latest());
}

/// Benches print while arguments are evaluated, in `setup` and in their bodies, all of it like JSON.
#[test]
fn a_format_on_stdout_is_alone_there_whatever_benches_print() {
    for flags in [&[][..], &["--nocapture"]] {
        let results = Results::new();
        let arguments = ["--test", "--output-format", "json"].iter().chain(flags);
        let outcome = run(&bench("targets", "printing"), results.path(), arguments);
        outcome.expect_code(0).expect_stderr(&["while arguments are evaluated", "2 tested"]);
        let record: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(record, results.latest());
        assert_eq!(outcome.stderr.contains("by the body, 2"), !flags.is_empty(), "{outcome}");
    }
    let results = Results::new();
    let arguments = ["--test", "--nocapture", "--output-format", "jsonl"];
    let outcome = run(&bench("targets", "printing"), results.path(), arguments);
    let is_event = |line: &str| serde_json::from_str::<Value>(line).unwrap()["event"].is_string();
    assert!(outcome.expect_code(0).stdout.lines().all(is_event), "{outcome}");
}

#[test]
fn what_benches_print_stays_on_stdout_beside_the_table() {
    let results = Results::new();
    let outcome = run(&bench("targets", "printing"), results.path(), ["--test", "--nocapture"]);
    outcome.expect_code(0).expect_stdout(&["while arguments are evaluated", "by the body, 1"]);
    outcome.expect_stdout(&["2 tested"]);
}

#[test]
fn json_of_cargo_is_one_document() {
    let results = Results::new();
    let mut command = cargo(&["test", "-p", "targets", "--features", "bench"]);
    command.args(["--bench", "printing", "--", "--nocapture", "--output-format", "json"]);
    let outcome = finish(command.env("HUB_BENCH_DIR", results.path()));
    outcome.expect_code(0);
    let record: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(ids(&record), ["printing::prints[1]", "printing::prints[2]"]);
}

#[test]
fn every_format_can_be_had_in_one_run() {
    let texts = [
        ("csv", "a.csv"),
        ("markdown", "a.md"),
        ("junit", "a.xml"),
        ("libtest-json", "a.ndjson"),
        ("github", "a.json"),
        ("github-bigger", "b.json"),
        ("bmf", "c.json"),
        ("openmetrics", "a.prom"),
        ("criterion", "target/criterion"),
    ];
    let results = Results::new();
    let outputs =
        texts.iter().flat_map(|(format, file)| ["--output-format", *format, "--output", *file]);
    let two_launches = ["--sample-count", "3", "--max-time", "20ms", "--launches", "2"];
    let arguments: Vec<&str> = two_launches.into_iter().chain(outputs).chain(["steady"]).collect();
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(0).expect_stdout(&["5 measured"]);
    for (format, file) in texts {
        outcome.expect_stderr(&[&format!("{format} in ")]);
        let path = results.path().join(file);
        assert!(path.is_dir() || fs::metadata(&path).unwrap().len() > 2, "{format}");
    }
    let estimates = results.path().join("target/criterion/steady/many/100/new/estimates.json");
    assert!(estimates.is_file(), "{}", estimates.display());
}

#[test]
fn a_folder_tree_needs_a_folder() {
    let results = Results::new();
    let binary = bench("targets", "steady");
    let outcome = run(&binary, results.path(), ["--test", "--output-format", "criterion"]);
    outcome.expect_code(2).expect_stderr(&["`criterion` is a folder tree", "--output"]);
    fs::write(results.path().join("taken"), "a file").unwrap();
    let arguments = ["--test", "--output-format", "criterion", "--output", "taken"];
    run(&binary, results.path(), arguments).expect_code(2).expect_stderr(&["taken"]);
    assert!(results.runs().is_empty());
    // A cold call is a time, and tells nothing of how it varies.
    let arguments = ["--test", "--output-format", "criterion", "--output", "tree"];
    run(&binary, results.path(), arguments).expect_code(1).expect_stderr(&["scatter is known"]);
}

#[test]
fn several_formats_go_to_several_files() {
    let results = Results::new();
    let outputs = [
        "--test",
        "--output-format",
        "json",
        "--output",
        "a.json",
        "--output-format",
        "terse",
        "--output",
        "b.txt",
        "--output-format",
        "bencher",
    ];
    let outcome = run(&bench("targets", "steady"), results.path(), outputs);
    outcome.expect_code(0).expect_stderr(&["5 tested"]);
    assert!(!outcome.stdout.contains("tested"), "{outcome}");
    let terse = fs::read_to_string(results.path().join("b.txt")).unwrap();
    assert_eq!(terse.lines().count(), 5, "{terse}");
    assert!(
        serde_json::from_slice::<Value>(&fs::read(results.path().join("a.json")).unwrap()).is_ok()
    );
    let two = ["--test", "--output-format", "json", "--output-format", "bencher"];
    let mixed = run(&bench("targets", "steady"), results.path(), two);
    mixed.expect_code(2).expect_stderr(&["stdout", "--output"]);
}

#[test]
fn json_lines_begin_with_the_start_and_end_with_the_end() {
    let results = Results::new();
    let arguments =
        ["--sample-count", "3", "--launches", "2", "--output-format", "jsonl", "one", "with"];
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(0);
    let events: Vec<Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!((names[0], names[names.len() - 1]), ("run_started", "run_finished"));
    let count = |name: &str| names.iter().filter(|other| **other == name).count();
    assert_eq!(count("run_started") + count("run_finished"), 2);
    assert_eq!((count("case_started"), count("progress"), count("case_finished")), (4, 2, 2));
    assert_eq!(
        events[0]["plan"]["cases"],
        serde_json::json!(["steady::one", "steady::with_bytes"])
    );
    // A case that is finished was started before.
    for (at, event) in events.iter().enumerate().filter(|(_, e)| e["event"] == "case_finished") {
        let id = &event["record"]["id"];
        let started = |e: &Value| e["event"] == "case_started" && &e["id"] == id;
        assert_eq!(events[..at].iter().filter(|e| started(e)).count(), 2);
    }
    assert_eq!(events[events.len() - 1]["record"], results.latest());
}

#[test]
fn broken_cases_are_events_too() {
    let results = Results::new();
    let arguments = ["--test", "--output-format", "jsonl", "unruly::panics", "unruly::behaves"];
    let outcome = run(&bench("unruly", "unruly"), results.path(), arguments);
    outcome.expect_code(101);
    let failed: Vec<Value> = outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["event"] == "case_failed")
        .collect();
    assert_eq!(failed.len(), 2);
    assert!(failed.iter().all(|event| event["record"]["status"] == "panicked"));
}

#[test]
fn bencher_lines_match_what_github_action_benchmark_reads() {
    let format = regex::Regex::new(LIBTEST_LINE).unwrap();
    let results = Results::new();
    for (package, target, expected) in [("targets", "steady", 5), ("targets", "hostile", 21)] {
        let arguments = QUICK.iter().chain(&["--output-format", "bencher"]);
        let outcome = run(&bench(package, target), results.path(), arguments);
        outcome.expect_code(0);
        assert_eq!(outcome.stdout.lines().count(), expected, "{outcome}");
        for line in outcome.stdout.lines() {
            let found = format.captures(line).unwrap_or_else(|| panic!("{line}"));
            let name = &found[1];
            assert!(!name.contains(char::is_whitespace), "{name}");
            assert!(name.starts_with(&format!("{target}::")), "{name}");
            assert_eq!(&found[3], "ns/iter");
            let value: f64 = found[2].replace(',', "").parse().unwrap();
            assert!(value > 0.0, "{line}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_ends_it_without_a_panic() {
    for arguments in [&["--test"][..], &["--list"], &["--test", "--output-format", "jsonl"]] {
        let results = Results::new();
        let mut command = bench_command(&bench("targets", "matrix"), results.path());
        command.args(arguments).args(["same_labels", "some_threads", "ten_thousand[1"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = child.stderr.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).map(|_| text).unwrap_or_default()
        });
        let status = wait_for_exit(&mut child, std::time::Duration::from_secs(60));
        let text = reader.join().unwrap();
        assert!(status.is_some_and(|status| matches!(status.code(), Some(0 | 1))), "{status:?}");
        assert!(!text.contains("panicked"), "{arguments:?}: {text}");
        if arguments[0] == "--test" {
            assert_eq!(results.runs().len(), 1, "what was measured is kept all the same");
        }
    }
}

#[test]
fn an_output_that_cannot_be_written_is_told_before_measuring() {
    let results = Results::new();
    let arguments = ["--test", "--output-format", "json", "--output", "/no/such/folder/r.json"];
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(2).expect_stderr(&["/no/such/folder/r.json", "No such file"]);
    assert_eq!(outcome.stdout, "");
    assert!(results.runs().is_empty());
}

#[test]
fn an_output_that_fills_up_is_exit_1_and_the_run_is_kept() {
    let results = Results::new();
    let arguments = ["--test", "--output-format", "json", "--output", "/dev/full"];
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(1).expect_stdout(&["5 tested"]).expect_stderr(&["/dev/full", "No space"]);
    assert_eq!(ids(&results.latest()).len(), 5);
}

#[test]
fn colour_is_for_terminals_or_on_request() {
    let results = Results::new();
    let binary = bench("targets", "steady");
    let coloured = |arguments: &[&str], no_color: bool| {
        let mut command = bench_command(&binary, results.path());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let outcome = finish(command.args(arguments));
        outcome.expect_code(0);
        (outcome.stdout + &outcome.stderr).contains('\u{1b}')
    };
    assert!(!coloured(&["--test"], false));
    assert!(!coloured(&["--list"], false));
    assert!(coloured(&["--test", "--color", "always"], false));
    assert!(coloured(&["--test", "--color=always"], true));
    assert!(!coloured(&["--test", "--color", "never"], false));
    assert!(!coloured(&["--test", "--color", "auto"], true));
}

/// Nobody takes what is told: that is no panic of a benchmark, and results are as ever.
#[test]
fn a_standard_error_that_is_full_changes_no_result() {
    let results = Results::new();
    let told_nobody = |mut command: std::process::Command| {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        Outcome::from(command.stderr(full).stdout(Stdio::piped()).output().unwrap())
    };
    let steady = |arguments: &[&str]| {
        let mut command = bench_command(&bench("targets", "steady"), results.path());
        command.args(arguments);
        told_nobody(command)
    };
    let run =
        steady(&[&QUICK[..], &["one", "--save-baseline", "main", "--allow-unoptimized"]].concat());
    run.expect_code(0).expect_stdout(&["one", "1 measured"]);
    steady(&["--no-such-option"]).expect_code(2);
    let verb = |arguments: &[&str]| {
        let mut command = bench_command(&hub_bench(), results.path());
        command.arg("hub-bench").args(arguments);
        told_nobody(command)
    };
    verb(&["no-such-verb"]).expect_code(2);
    verb(&["export", "--format", "no-such-format"]).expect_code(2);
    let exported = verb(&["export", "--format", "csv", "--output", "run.csv"]);
    exported.expect_code(0);
    assert!(fs::read_to_string(results.path().join("run.csv")).unwrap().contains("steady::one"));
    steady(&[&QUICK[..], &["one"]].concat()).expect_code(0);
    let compared = verb(&["compare", "--baseline", "main", "--current", "latest"]);
    compared.expect_code(0).expect_stdout(&["main"]);
}
