//! What others measured, kept as a run.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use e2e_tests::{Outcome, Results, bench, bench_command, cases, find, hub_bench, ids, run};
use serde_json::{Value, json};

use crate::exports::call;
use crate::schema::validate_run;

fn steady() -> Results {
    let results = Results::new();
    let arguments = ["--sample-count", "20", "--max-time", "20ms", "--launches", "3"];
    run(&bench("targets", "steady"), results.path(), arguments).expect_code(0);
    results
}

fn time(record: &Value, id: &str) -> f64 {
    find(record, id)["metrics"]["time"]["estimate"].as_f64().unwrap()
}

/// Fails the test unless both have the same cases with the same times, to that many digits.
#[track_caller]
fn same_times(original: &Value, imported: &Value, digits: i32) {
    assert_eq!(ids(imported), ids(original));
    for id in ids(original) {
        let (was, is) = (time(original, &id), time(imported, &id));
        let error = 10_f64.powi(-digits).max(was * 1e-9);
        assert!((was - is).abs() <= error, "{id}: {was} and {is}");
    }
    assert_eq!(imported["run"]["notes"][0]["code"], "imported");
    assert_eq!(imported["environment"]["cpu"], Value::Null);
    assert!(imported["environment"]["absent"]["cpu"].is_string());
    validate_run(imported);
}

#[test]
fn our_own_exports_come_back() {
    let results = steady();
    let original = results.latest();
    for (format, digits) in [("bencher", 2), ("libtest-json", 9)] {
        let text = call(results.path(), &["export", "--format", format]).stdout;
        let folder = Results::new();
        let file = folder.path().join("lines");
        fs::write(&file, &text).unwrap();
        let outcome = call(folder.path(), &["import", "lines"]);
        outcome.expect_code(0).expect_stdout(&["5 cases of libtest", "kept in"]);
        same_times(&original, &folder.latest(), digits);
        let piped = from_standard_input(folder.path(), &text);
        piped.expect_code(0).expect_stdout(&["5 cases of libtest"]);
        assert_eq!(folder.runs().len(), 2);
        same_times(&original, &folder.latest(), digits);
    }
}

fn from_standard_input(results: &Path, text: &str) -> Outcome {
    let mut command = bench_command(&hub_bench(), results);
    command.args(["import", "-"]).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn a_criterion_tree_comes_back() {
    let results = steady();
    let original = results.latest();
    let tree = ["export", "--format", "criterion", "--output", "target/criterion"];
    call(results.path(), &tree).expect_code(0);
    let outcome = call(results.path(), &["import", "target/criterion"]);
    outcome.expect_code(0).expect_stdout(&["5 cases of criterion, baseline new"]);
    let imported = results.latest();
    assert_ne!(imported["run"]["id"], original["run"]["id"]);
    same_times(&original, &imported, 9);
    let many = find(&imported, "steady::many[10]");
    assert_eq!((&many["args"], &many["group"]), (&json!(["10"]), &json!("steady")));
    assert_eq!(many["counters"], json!([{"kind": "items", "count": 4.0}]));
    let both =
        ["compare", "--baseline", original["run"]["id"].as_str().unwrap(), "--current", "latest"];
    call(results.path(), &both).expect_code(0);
}

#[test]
fn one_of_several_baselines_is_named() {
    let results = steady();
    for name in ["a", "b"] {
        let tree = ["export", "--format", "criterion", "--output", "crit", "--baseline", name];
        call(results.path(), &tree).expect_code(0);
    }
    let outcome = call(results.path(), &["import", "crit"]);
    outcome.expect_code(2).expect_stderr(&["there are baselines `a`, `b`", "--baseline NAME"]);
    let outcome = call(results.path(), &["import", "crit", "--baseline", "b"]);
    outcome.expect_code(0).expect_stdout(&["5 cases", "baseline b"]);
    let outcome = call(results.path(), &["import", "crit", "--baseline", "c"]);
    outcome.expect_code(2).expect_stderr(&["no baseline `c`"]);
}

#[test]
fn a_record_of_ours_is_kept_as_it_is_and_never_replaces_another() {
    let (from, to) = (steady(), Results::new());
    let file = from.runs()[0].join("run.json");
    let path = file.display().to_string();
    call(to.path(), &["import", &path]).expect_code(0).expect_stdout(&["5 cases of a run.json"]);
    assert_eq!(to.latest(), from.latest());
    call(to.path(), &["import", &path]).expect_code(0);
    let write = |change: fn(&mut Value)| {
        let mut record = from.latest();
        change(&mut record);
        fs::write(to.path().join("other.json"), record.to_string()).unwrap();
        call(to.path(), &["import", "other.json"])
    };
    let other = write(|record| record["run"]["seed"] = 7.into());
    other.expect_code(1).expect_stderr(&["is taken"]);
    let newer = write(|record| record["schema"] = 2.into());
    newer.expect_code(1).expect_stderr(&["other.json has schema 2", "update bench-sdk"]);
    let leading_out = write(|record| record["run"]["id"] = "../../out".into());
    leading_out.expect_code(1).expect_stderr(&["no id of a run"]);
    assert_eq!(to.latest(), from.latest());
    assert_eq!(to.runs().len(), 1);
}

#[test]
fn what_is_foreign_is_named_with_its_file_and_line() {
    let results = Results::new();
    let import = |content: &[u8]| {
        fs::write(results.path().join("in.txt"), content).unwrap();
        call(results.path(), &["import", "in.txt"])
    };
    let cut = import(b"running 1 test\ntest a::b ... bench: 12 ns/it");
    cut.expect_code(1).expect_stderr(&["in.txt, line 2: `12 ns/it` is not a time"]);
    let newer = import(b"{\"type\":\"suite\",\"event\":\"started\"}\n{\"type\":\"epoch\"}\n");
    newer.expect_code(1).expect_stderr(&["in.txt, line 2: `type` is `epoch`"]);
    import(b"nothing at all\n").expect_code(1).expect_stderr(&["no benchmark in", "in.txt"]);
    import(b"test \xff\n").expect_code(1).expect_stderr(&["in.txt is not text in UTF-8"]);
    import(b"\x1b[2J{").expect_code(1);
    let escape = import(b"{\"type\":\"\x1b[2J\"}");
    assert!(!escape.expect_code(1).stderr.contains('\u{1b}'), "{escape}");
    call(results.path(), &["import", "no_such"]).expect_code(1).expect_stderr(&["no_such"]);
    fs::create_dir(results.path().join("empty")).unwrap();
    let outcome = call(results.path(), &["import", "empty"]);
    outcome.expect_code(1).expect_stderr(&["empty holds no results of criterion"]);
    assert!(results.runs().is_empty());
}

#[test]
fn a_damaged_file_of_a_tree_is_named_with_its_line() {
    let results = steady();
    let tree = ["export", "--format", "criterion", "--output", "crit"];
    call(results.path(), &tree).expect_code(0);
    let file = results.path().join("crit/steady/one/new/estimates.json");
    fs::write(&file, "{\n  \"mean\": 3\n}").unwrap();
    let outcome = call(results.path(), &["import", "crit"]);
    outcome
        .expect_code(1)
        .expect_stderr(&["one/new/estimates.json is not what criterion", "line 2"]);
    assert_eq!(results.runs().len(), 1);
}

#[test]
fn hostile_names_survive_the_way_there_and_back() {
    let results = Results::new();
    let arguments = ["--sample-count", "3", "--max-time", "20ms", "--launches", "2"];
    run(&bench("targets", "hostile"), results.path(), arguments).expect_code(0);
    let original = results.latest();
    let tree = ["export", "--format", "criterion", "--output", "crit"];
    call(results.path(), &tree).expect_code(0);
    call(results.path(), &["import", "crit"]).expect_code(0);
    assert_eq!(cases(&results.latest()).len(), cases(&original).len());
    validate_run(&results.latest());
    let entries: Vec<_> = fs::read_dir(results.path()).unwrap().flatten().collect();
    let known = ["runs", "crit", "measuring.lock", "join.lock", "progress.jsonl"];
    let strays: Vec<_> = entries
        .iter()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !known.contains(&name.as_str()))
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn lines_as_terminals_and_editors_leave_them_are_all_read() {
    let results = Results::new();
    let (first, last) =
        ("test a ... bench: 10 ns/iter (+/- 1)", "test b ... bench: 2 ns/iter (+/- 0)");
    for text in [
        format!("\u{feff}{first}\n{last}\n"),
        format!("{first}\n\u{1b}[32m{last}\u{1b}[0m\n"),
        format!("{first}\r{last}\r"),
        format!("   Compiling x\r{first}\r\n{last}\r\n"),
    ] {
        fs::write(results.path().join("in.txt"), &text).unwrap();
        call(results.path(), &["import", "in.txt"]).expect_code(0).expect_stdout(&["2 cases"]);
        assert_eq!(ids(&results.latest()), ["a", "b"], "{text:?}");
        from_standard_input(results.path(), &text).expect_code(0).expect_stdout(&["2 cases"]);
    }
    let file = results.runs()[0].join("run.json");
    let marked = format!("\u{feff}{}", fs::read_to_string(file).unwrap());
    fs::write(results.path().join("run.json"), marked).unwrap();
    call(results.path(), &["import", "run.json"]).expect_code(0).expect_stdout(&["a run.json"]);
}

#[test]
fn a_benchmark_that_printed_is_named_and_many_of_one_name_are_read_at_once() {
    let results = Results::new();
    let import = |text: String| {
        fs::write(results.path().join("in.txt"), text).unwrap();
        call(results.path(), &["import", "in.txt"])
    };
    let line = "test a ... bench: 10 ns/iter (+/- 1)\n";
    let stray =
        import(format!("{line}test c ... ok\ntest b ... stray\nbench: 1 ns/iter (+/- 1)\n"));
    stray.expect_code(1).expect_stderr(&["in.txt, line 3: `b` begins here"]);
    assert!(results.runs().is_empty());
    let start = std::time::Instant::now();
    import(line.repeat(20_000)).expect_code(0).expect_stdout(&["20000 cases"]);
    let lasted = start.elapsed();
    assert!(lasted < std::time::Duration::from_secs(30), "{lasted:?}");
}

#[test]
fn a_benchmark_of_a_tree_without_its_results_is_named() {
    let results = steady();
    let tree = ["export", "--format", "criterion", "--output", "crit"];
    call(results.path(), &tree).expect_code(0);
    let file = results.path().join("crit/steady/one/new/estimates.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let missing = ["crit/steady/one/new/estimates.json is missing or no file"];
    call(results.path(), &["import", "crit"]).expect_code(1).expect_stderr(&missing);
    fs::create_dir(&file).unwrap();
    call(results.path(), &["import", "crit"]).expect_code(1).expect_stderr(&missing);
    fs::remove_dir(&file).unwrap();
    let mut estimates: Value = serde_json::from_str(&text).unwrap();
    estimates["mean"]["confidence_interval"]["upper_bound"] = 0.0.into();
    fs::write(&file, estimates.to_string()).unwrap();
    let reversed = call(results.path(), &["import", "crit"]);
    reversed.expect_code(1).expect_stderr(&["one/new/estimates.json: `mean` has a lower bound"]);
    assert_eq!(results.runs().len(), 1);
}

#[test]
fn a_record_with_times_that_cannot_be_is_refused() {
    let (from, to) = (steady(), Results::new());
    for (time, told) in [(-5.0, "is -5.0 ns"), (1e308, "is 1e308 ns")] {
        let mut record = from.latest();
        record["cases"][0]["metrics"]["time"]["estimate"] = time.into();
        fs::write(to.path().join("odd.json"), record.to_string()).unwrap();
        let outcome = call(to.path(), &["import", "odd.json"]);
        outcome.expect_code(1).expect_stderr(&["odd.json: `time` of `steady::", told, "no time"]);
    }
    assert!(to.runs().is_empty());
}
