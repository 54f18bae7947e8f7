//! `cargo hub-bench compare`: records of a real run, changed by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use e2e_tests::{Outcome, QUICK, Results, bench, bench_command, finish, hub_bench, run};
use serde_json::{Value, json};

const CASE: &str = "steady::one";

/// The record of a real run, measured once for all tests.
fn measured() -> Value {
    static RECORD: OnceLock<Value> = OnceLock::new();
    let measure = || {
        let results = Results::new();
        run(&bench("targets", "steady"), results.path(), QUICK).expect_code(0);
        results.latest()
    };
    RECORD.get_or_init(measure).clone()
}

/// The record as if it had been made at another time: its times are those of 1 µs and that factor,
/// of a clean build of one commit.
fn record(number: u32, factor: f64) -> Value {
    let mut record = measured();
    record["run"]["id"] = json!(format!("20260101_12000{number}_3f2a"));
    record["run"]["started_at"] = json!(format!("2026-01-01T12:00:0{number}Z"));
    record["run"]["anchor_ns"] = json!(1_000.0);
    record["environment"]["git_commit"] = json!("4b1c2d9e8f00");
    record["environment"]["git_dirty"] = json!(false);
    for case in record["cases"].as_array_mut().unwrap() {
        case["notes"] = json!([]);
        let factor = if case["id"] == CASE { factor } else { 1.0 };
        let time = 1_000.0 * factor;
        case["metrics"]["time"] = json!({
            "unit": "ns", "better": "lower", "estimate": time, "low": time * 0.999, "high": time * 1.001,
        });
    }
    record
}

/// A folder with five runs of the baseline and one to be judged.
struct Kept {
    results: Results,
    new: PathBuf,
}

impl Kept {
    fn new(change: impl FnOnce(&mut Value), factor: f64) -> Self {
        let results = Results::new();
        for (number, scatter) in [0.0, 0.002, -0.003, 0.001, -0.001].into_iter().enumerate() {
            let folder = results.path().join(format!("old/{number}"));
            write(&folder, &record(number as u32, 1.0 + scatter).to_string());
        }
        let mut newest = record(9, factor);
        change(&mut newest);
        let folder = results.path().join("new");
        write(&folder, &newest.to_string());
        Self { new: folder.join("run.json"), results }
    }

    fn compare(&self, arguments: &[&str]) -> Outcome {
        let mut command = bench_command(&hub_bench(), self.results.path());
        command.args(["hub-bench", "compare", "--baseline", "old", "--current", "new/run.json"]);
        finish(command.args(arguments))
    }
}

fn write(folder: &Path, text: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("run.json"), text).unwrap();
}

fn unchanged(_: &mut Value) {}

#[test]
fn a_regression_is_named_and_exits_3() {
    let kept = Kept::new(unchanged, 1.2);
    let outcome = kept.compare(&[]);
    outcome.expect_code(3).expect_stdout(&[
        "compare old (4b1c2d9, 5 runs) → new/run.json (4b1c2d9, 1 run)",
        "unpaired · 5 cases",
        "1 regressed",
        "REGRESSED steady::one + 20.0 %",
        "5 runs",
        "exit 3: steady::one is slower",
    ]);
    kept.compare(&["--threshold", "50%"])
        .expect_code(0)
        .expect_stdout(&["under the threshold of 50 %", "exit 0: nothing is over the threshold"]);
    kept.compare(&["--threshold", "5%"]).expect_code(3);
}

#[test]
fn without_a_change_it_exits_0() {
    let kept = Kept::new(unchanged, 1.0);
    kept.compare(&["--minimum-effect", "3%"])
        .expect_code(0)
        .expect_stdout(&["5 equivalent (within 3 %)", "exit 0: nothing regressed"]);
    kept.compare(&["--strict"]).expect_code(5);
}

#[test]
fn a_calibrated_machine_is_reckoned_with() {
    let kept = Kept::new(unchanged, 1.0);
    let calibrate = |arguments: &[&str]| {
        let mut command = bench_command(&hub_bench(), kept.results.path());
        finish(command.args(["hub-bench", "doctor", "--calibrate"]).args(arguments))
    };
    assert!(!kept.compare(&[]).stdout.contains("calibrated at"));
    let outcome = calibrate(&["--budget", "2s"]);
    outcome.expect_code(0).expect_stdout(&[
        "calibrated    18 comparisons of 6 kernels with themselves",
        "of 18 (at most",
        "arithmetic",
        "sort of 1000",
        "times of runs vary by",
        "noise.json",
    ]);
    assert!(!outcome.stderr.contains("calibrating"), "progress without a terminal: {outcome}");
    let file = kept.results.path().join("noise.json");
    let noise: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((&noise["schema"], &noise["comparisons"]), (&json!(1), &json!(18)));
    // On a busy machine some comparison may take longer to get anywhere, but all do.
    assert!(noise["s0"].as_f64().unwrap() > 0.0 && noise["d0"].as_f64().unwrap() >= 1.0);
    kept.compare(&[]).expect_stdout(&["calibrated at 20", "from run to run on this machine"]);
    let mut other = noise;
    other["cpu"] = json!("Abacus 9");
    fs::write(&file, other.to_string()).unwrap();
    kept.compare(&[]).expect_stdout(&["is not used: it is of Abacus 9"]);
    fs::write(&file, "{\"schema\": 2}").unwrap();
    kept.compare(&[]).expect_stdout(&["noise.json has schema 2", "doctor --calibrate"]);
    fs::write(&file, "{").unwrap();
    kept.compare(&[]).expect_code(0).expect_stdout(&["noise.json is damaged"]);
    calibrate(&["--budget", "soon"]).expect_code(2).expect_stderr(&["`--budget`"]);
}

#[test]
fn another_processor_is_not_comparable() {
    let other = |record: &mut Value| record["environment"]["cpu"] = json!("Abacus 9\u{1b}[2J");
    let kept = Kept::new(other, 2.0);
    let outcome = kept.compare(&[]);
    outcome.expect_code(0).expect_stdout(&[
        "not comparable 5 cases",
        "the processor differs:",
        "→ Abacus 9",
        "exit 0: nothing could be compared",
    ]);
    assert!(!outcome.stdout.contains('\u{1b}'), "{outcome}");
    kept.compare(&["--strict"]).expect_code(5);
}

#[test]
fn one_run_of_a_baseline_is_suspect_at_most() {
    let kept = Kept::new(unchanged, 1.2);
    let mut command = bench_command(&hub_bench(), kept.results.path());
    command.args(["compare", "--baseline", "old/0", "--current", "new"]);
    finish(&mut command).expect_code(0).expect_stdout(&[
        "inconclusive steady::one + 20 %",
        "suspect, not more",
        "note: one run to compare with cannot tell",
    ]);
}

#[test]
fn a_case_that_broke_exits_101() {
    let broken = |record: &mut Value| {
        let case = &mut record["cases"][0];
        case["status"] = json!("panicked");
        case["message"] = json!("index out of bounds");
        case["metrics"] = json!({});
    };
    let outcome = Kept::new(broken, 1.0).compare(&[]);
    outcome.expect_code(101).expect_stdout(&["panicked: index out of bounds", "broke"]);
}

#[test]
fn formats_go_where_they_are_told_to() {
    let kept = Kept::new(unchanged, 1.2);
    let outcome = kept.compare(&[
        "--output-format",
        "json",
        "--output-format",
        "markdown",
        "--output",
        "comment.md",
    ]);
    outcome.expect_code(3).expect_stderr(&["REGRESSED"]);
    let record: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&record["schema"], &record["method"]), (&json!(1), &json!("unpaired")));
    let regressed: Vec<&Value> = record["comparisons"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|comparison| comparison["verdict"] == "regressed")
        .collect();
    assert_eq!(regressed.len(), 1);
    assert_eq!((&regressed[0]["id"], &regressed[0]["metric"]), (&json!(CASE), &json!("time")));
    let comment = fs::read_to_string(kept.results.path().join("comment.md")).unwrap();
    assert!(comment.starts_with("### Benchmarks: `steady::one` is slower\n"), "{comment}");
    assert!(comment.contains("| **regressed** | `steady::one` | + 20.0 % |"), "{comment}");
    kept.compare(&["--output-format", "terse"]).expect_stdout(&["steady::one time regressed"]);
}

#[test]
fn runs_are_found_by_their_ids_and_latest() {
    let results = Results::new();
    let quick = [&QUICK[..], &["one"]].concat();
    run(&bench("targets", "steady"), results.path(), &quick).expect_code(0);
    run(&bench("targets", "steady"), results.path(), &quick).expect_code(0);
    // Ids of one second are not in order.
    let latest = results.latest()["run"]["id"].as_str().unwrap().to_owned();
    let mut ids = results
        .runs()
        .into_iter()
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned());
    let first = ids.find(|id| *id != latest).unwrap();
    let compare = |baseline: &str, current: &str| {
        let mut command = bench_command(&hub_bench(), results.path());
        finish(command.args(["compare", "--baseline", baseline, "--current", current]))
    };
    compare(&first, "latest").expect_code(0).expect_stdout(&["unpaired · 1 case"]);
    compare("latest", "latest").expect_code(2).expect_stderr(&["are the same run"]);
    let wrong = format!("1999{}", &first[4..]);
    compare(&wrong, "latest").expect_code(2).expect_stderr(&["no run, folder or file", "help:"]);
}

#[test]
fn what_cannot_be_read_is_named() {
    let kept = Kept::new(unchanged, 1.0);
    let text = fs::read_to_string(&kept.new).unwrap();
    fs::write(&kept.new, &text[..text.len() / 2]).unwrap();
    kept.compare(&[]).expect_code(1).expect_stderr(&["new/run.json is damaged or not a run"]);
    fs::write(&kept.new, r#"{ "schema": 7, "what": "ever" }"#).unwrap();
    kept.compare(&[]).expect_code(1).expect_stderr(&["has schema 7", "update bench-sdk"]);
    fs::write(&kept.new, r#"{ "what": "ever" }"#).unwrap();
    kept.compare(&[]).expect_code(1).expect_stderr(&["no schema number"]);
    fs::remove_file(&kept.new).unwrap();
    let missing = kept.compare(&[]);
    missing.expect_code(2).expect_stderr(&["no run, folder or file `new/run.json`", "measure"]);
    assert_eq!(missing.stdout, "");
}

#[test]
fn mistakes_on_the_command_line_are_told() {
    let results = Results::new();
    let said = |arguments: &[&str]| {
        let mut command = bench_command(&hub_bench(), results.path());
        finish(command.arg("compare").args(arguments))
    };
    said(&[]).expect_code(2).expect_stderr(&["`--baseline` is missing"]);
    said(&["--baselin", "x"]).expect_code(2).expect_stderr(&["did you mean `--baseline`?"]);
    said(&["--help"]).expect_code(0).expect_stdout(&["Usage: cargo hub-bench compare"]);
}
