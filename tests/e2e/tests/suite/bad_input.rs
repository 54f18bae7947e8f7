//! Wrong command lines and wrong configurations: exit 2, and what would be right.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;

use e2e_tests::{Outcome, Results, bench, bench_command, finish, ids, run};

/// Runs with wrong arguments: nothing is measured, and the message holds these texts.
#[track_caller]
fn refused(arguments: &[&str], texts: &[&str]) {
    let results = Results::new();
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(2).expect_stderr(&["error: "]).expect_stderr(texts);
    assert_eq!(outcome.stdout, "");
    assert!(results.runs().is_empty());
}

#[test]
fn unknown_flags_name_the_nearest() {
    refused(&["--sample-cuont", "3"], &["`--sample-cuont`", "did you mean `--sample-count`?"]);
    refused(&["--exakt"], &["did you mean `--exact`?"]);
    refused(&["--frobnicate"], &["`--frobnicate`", "--help"]);
    refused(&["-z"], &["`-z`"]);
    refused(&["--columns", "time,thruoghput"], &["--columns", "did you mean `throughput`?"]);
    refused(&["--output-format", "jsonn"], &["jsonn", "did you mean `json"]);
    refused(&["--list", "--format", "xml"], &["xml", "pretty"]);
}

#[test]
fn wrong_values_are_quoted_with_what_is_accepted() {
    refused(&["--launches", "0"], &["--launches", "`0`", "at least 1"]);
    refused(&["--launches", "zero"], &["`zero`"]);
    refused(&["--launches", "-1"], &["--launches"]);
    refused(&["--launches"], &["--launches", "value"]);
    refused(&["--sample-count", "99999999999999999999"], &["--sample-count"]);
    refused(&["--max-time", "soon"], &["--max-time", "soon"]);
    refused(&["--max-time", "NaN"], &["--max-time"]);
    refused(&["--max-time=-1s"], &["--max-time"]);
    refused(&["--max-time", "1e300"], &["--max-time"]);
    refused(&["--target-ci", "0"], &["--target-ci"]);
    refused(&["--target-ci", "inf"], &["--target-ci"]);
    refused(&["--seed", "x"], &["--seed", "x"]);
    refused(&["--color", "purple"], &["--color", "purple"]);
    refused(&["--exact=yes"], &["--exact", "no value"]);
    for partition in ["0/3", "4/3", "1/0", "1", "a/b", "-1/3"] {
        refused(&["--partition", partition], &["--partition", partition, "K/N"]);
    }
}

#[test]
fn contradictions_are_refused() {
    refused(&["--quick", "--test"], &["--quick", "--test"]);
    refused(&["--output", "x"], &["--output-format"]);
    refused(&["--format", "json"], &["--list"]);
    refused(&["--explain", "steady::noe"], &["steady::noe", "did you mean `steady::one`?"]);
    refused(&["--explain", "many"], &["3 cases", "steady::many[1"]);
}

#[test]
fn arguments_that_are_not_unicode_are_refused() {
    let results = Results::new();
    let raw = OsStr::from_bytes(b"caf\xe9\x1b[31m");
    for arguments in
        [vec![raw], vec![OsStr::new("--skip"), raw], vec![OsStr::from_bytes(b"--\xff")]]
    {
        let outcome = run(&bench("targets", "steady"), results.path(), arguments);
        outcome.expect_code(2);
        assert!(!outcome.stderr.contains('\u{1b}'), "{outcome}");
    }
}

#[test]
fn hostile_arguments_are_quoted_safely_and_briefly() {
    let results = Results::new();
    let long = format!("--{}\u{1b}[2J\u{202e}", "x".repeat(20_000));
    let outcome = run(&bench("targets", "steady"), results.path(), [long]);
    outcome.expect_code(2);
    assert!(outcome.stderr.len() < 1000, "{outcome}");
    assert!(!outcome.stderr.contains(['\u{1b}', '\u{202e}']), "{outcome}");
    for option in ["--launches", "--max-time", "--preset", "--color", "--explain", "--target-ci"] {
        let hostile = [option.to_owned(), format!("\u{1b}[2J{}", "x".repeat(20_000))];
        let outcome = run(&bench("targets", "steady"), results.path(), hostile);
        outcome.expect_code(2);
        assert!(!outcome.stderr.contains('\u{1b}'), "{option}: {outcome}");
        assert!(outcome.stderr.len() < 1000, "{option}: {} bytes", outcome.stderr.len());
    }
}

#[test]
fn front_ends_quote_what_they_refuse_safely_and_briefly() {
    use std::os::unix::ffi::OsStringExt;
    let long = "x".repeat(10_000);
    let texts =
        [format!("-\u{1b}{long}"), format!("--\u{1b}[31m{long}"), format!("(\u{1b}[31m{long}")];
    let mut all: Vec<Vec<OsString>> = texts.map(|text| vec![text.into()]).into();
    all.push(vec!["--sample-size".into(), format!("\u{1b}{long}").into()]);
    all.push(vec![OsString::from_vec(vec![b'a', 0x1b, 0xff])]);
    all.push(vec!["--sample-size".into(), OsString::from_vec(vec![0x1b, 0xff])]);
    for (package, target) in [("criterion_ours", "own_main"), ("divan_ours", "steady")] {
        for arguments in &all {
            let results = Results::new();
            let outcome = run(&bench(package, target), results.path(), arguments);
            outcome.expect_code(2);
            assert!(outcome.stderr.starts_with("error: "), "{outcome}");
            let is_safe = !outcome.stderr.contains('\u{1b}') && outcome.stderr.len() < 2_000;
            assert!(is_safe, "{package}: {outcome}");
        }
    }
}

#[test]
fn wrong_variables_are_named() {
    for (name, value) in [
        ("HUB_BENCH_LAUNCHES", "zero"),
        ("HUB_BENCH_LAUNCHES", "0"),
        ("HUB_BENCH_MAX_TIME", "later"),
        ("HUB_BENCH_SKIP_EXT_TIME", "perhaps"),
    ] {
        let results = Results::new();
        let mut command = bench_command(&bench("targets", "steady"), results.path());
        let outcome = finish(command.arg("--test").env(name, value));
        outcome.expect_code(2).expect_stderr(&[name, value]);
        assert!(results.runs().is_empty());
    }
}

/// Runs in a workspace with that configuration.
fn configured(text: &str, arguments: &[&str]) -> Outcome {
    let workspace = Results::new();
    fs::write(workspace.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    fs::write(workspace.path().join("hub-bench.toml"), text).unwrap();
    run(&bench("targets", "steady"), workspace.path(), ["--test"].iter().chain(arguments))
}

#[test]
fn wrong_configurations_are_told_with_file_key_and_suggestion() {
    for (text, expected) in [
        ("[default]\n", &["`default`", "did you mean `defaults`?"][..]),
        ("[defaults]\nlaunchs = 2\n", &["`launchs`", "did you mean `launches`?"]),
        ("[defaults]\nlaunches = 0\n", &["launches", "at least 1"]),
        ("[defaults]\nlaunches = [1]\n", &["launches"]),
        ("defaults = 3\n", &["`defaults` must be a table"]),
        ("[[override]]\nlaunches = 2\n", &["match"]),
        ("[override]\nmatch = \"x\"\n", &["[[override]]"]),
        ("[preset.ci]\nsample_conut = 2\n", &["preset.ci", "did you mean `sample_count`?"]),
        ("launches = \n", &["hub-bench.toml"]),
        ("[defaults\n", &["hub-bench.toml"]),
        ("results-dir = 3\n", &["results-dir"]),
        ("columns = [\"thruoghput\"]\n", &["`columns`", "did you mean `throughput`?"]),
        ("columns = 3\n", &["`columns` must be a text"]),
    ] {
        let outcome = configured(text, &[]);
        outcome.expect_code(2).expect_stderr(&["hub-bench.toml"]).expect_stderr(expected);
    }
}

#[test]
fn unknown_presets_name_the_known_ones() {
    let outcome = configured("[preset.ci]\nlaunches = 2\n[preset.night]\n", &["--preset", "cj"]);
    outcome.expect_code(2).expect_stderr(&["`cj`", "ci", "night"]);
    configured("[preset.ci]\nlaunches = 2\n", &["--preset", "ci"]).expect_code(0);
    configured("", &["--preset", "ci"]).expect_code(2).expect_stderr(&["[preset.ci]"]);
}

#[test]
fn hostile_configurations_are_quoted_safely() {
    let long = "x".repeat(20_000);
    for text in [
        format!("\"\\u001b[2J{long}\" = 1\n"),
        format!("[defaults]\nlaunches = \"\\u001b[2J{long}\"\n"),
        "[defaults]\n\"\\u001b[2J\" = 1\n".to_owned(),
        format!("[defaults]\nwarmup = [\"\\u001b[2J\", {{ a = \"\\u202e{long}\" }}]\n"),
        "results-dir = [\"\\u001b[2J\"]\n".to_owned(),
    ] {
        let outcome = configured(&text, &[]);
        outcome.expect_code(2);
        assert!(!outcome.stderr.contains(['\u{1b}', '\u{202e}']), "{outcome}");
        assert!(outcome.stderr.len() < 1000, "{} bytes", outcome.stderr.len());
    }
}

#[test]
fn a_configuration_that_cannot_be_read_is_refused() {
    let workspace = Results::new();
    fs::write(workspace.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    fs::create_dir(workspace.path().join("hub-bench.toml")).unwrap();
    let outcome = run(&bench("targets", "steady"), workspace.path(), ["--test"]);
    outcome.expect_code(2).expect_stderr(&["hub-bench.toml"]);
    fs::remove_dir(workspace.path().join("hub-bench.toml")).unwrap();
    fs::write(workspace.path().join("hub-bench.toml"), b"\xff\xfe").unwrap();
    let outcome = run(&bench("targets", "steady"), workspace.path(), ["--test"]);
    outcome.expect_code(2).expect_stderr(&["hub-bench.toml"]);
}

#[test]
fn a_filter_without_hits_is_fine_unless_strict() {
    let results = Results::new();
    let binary = bench("targets", "steady");
    let outcome = run(&binary, results.path(), ["no such bench"]);
    outcome.expect_code(0);
    assert!(outcome.to_string().contains("0 of 5 selected"), "{outcome}");
    run(&binary, results.path(), ["no such bench", "--strict"]).expect_code(6);
    run(&binary, results.path(), ["--tag", "nobody", "--strict"]).expect_code(6);
    assert!(results.runs().is_empty());
}

#[test]
fn partitions_take_everything_once() {
    let results = Results::new();
    let binary = bench("targets", "linked");
    let mut taken = Vec::new();
    for partition in ["1/3", "2/3", "3/3"] {
        let arguments = ["--list", "--format", "terse", "--partition", partition];
        let outcome = run(&binary, results.path(), arguments);
        outcome.expect_code(0);
        taken.extend(outcome.stdout.lines().map(str::to_owned));
    }
    taken.sort();
    let all = run(&binary, results.path(), ["--list", "--format", "terse"]);
    let mut expected: Vec<String> = all.stdout.lines().map(str::to_owned).collect();
    expected.sort();
    assert_eq!(taken, expected);
    run(&binary, results.path(), ["--test", "--partition", "1/1"]).expect_code(0);
    assert_eq!(ids(&results.latest()).len(), 12);
}
