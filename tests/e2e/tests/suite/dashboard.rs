//! `cargo hub-bench report`: the file that it makes of real runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use e2e_tests::{
    Outcome, QUICK, Results, bench, bench_command, finish, hub_bench, ids, run, until,
};
use serde_json::{Value, json};

/// The command, called with these arguments.
fn report(results: &Results, arguments: &[&str]) -> Outcome {
    let mut command = bench_command(&hub_bench(), results.path());
    finish(command.args(["hub-bench", "report"]).args(arguments))
}

/// Runs the same benches as often as told.
fn measured(times: usize, package: &str, target: &str) -> Results {
    let results = Results::new();
    for _ in 0..times {
        run(&bench(package, target), results.path(), QUICK).expect_code(0);
    }
    results
}

fn page(results: &Results) -> String {
    fs::read_to_string(results.path().join("report.html")).unwrap()
}

/// One of both parts of figures in a page.
fn part(page: &str, id: &str) -> Value {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(start.as_str()).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// The folder of a run that is not the newest.
fn earlier(results: &Results) -> PathBuf {
    // Runs of one second are in the order of their ids.
    results.runs().into_iter().min().unwrap()
}

#[test]
fn two_runs_make_a_page() {
    let results = measured(2, "targets", "steady");
    report(&results, &[])
        .expect_code(0)
        .expect_stdout(&["5 benchmarks of 2 runs in report.html ("]);
    let page = page(&results);
    assert!(page.contains("default-src 'none'; script-src 'sha256-"), "{}", &page[..500]);
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!addresses.contains("http://") && !addresses.contains("https://"));
    let model = part(&page, "model");
    let record = results.latest();
    let cases = model["cases"].as_array().unwrap();
    let shown: Vec<&Value> = cases.iter().map(|case| &case["id"]).collect();
    assert_eq!(shown, ids(&record).iter().collect::<Vec<_>>());
    assert_eq!(model["runs"].as_array().unwrap().len(), 2);
    assert!(cases.iter().all(|case| case["statuses"] == "mm"), "{cases:#?}");
    let times = cases[0]["series"]["time"].as_str().unwrap();
    assert_eq!(times.split(',').count(), 2, "{times}");
    let compared = &model["comparisons"][0]["record"];
    assert_eq!(compared["method"], "unpaired");
    assert_eq!(
        part(&page, "records")["cases"][0]["metrics"].as_object().unwrap().len(),
        record["cases"][0]["metrics"].as_object().unwrap().len()
    );
}

#[test]
fn what_cannot_be_shown_is_named() {
    let results = measured(2, "targets", "steady");
    run(&bench("targets", "steady"), results.path(), ["--test"]).expect_code(0);
    let runs = results.path().join("runs");
    for (name, text) in [("20200101_000000_aaaa", "{"), ("20200102_000000_bbbb", r#"{"schema":7}"#)]
    {
        fs::create_dir(runs.join(name)).unwrap();
        fs::write(runs.join(name).join("run.json"), text).unwrap();
    }
    fs::create_dir(runs.join("20200103_000000_cccc")).unwrap();
    let outcome = report(&results, &[]);
    outcome.expect_code(0).expect_stdout(&["of 2 runs"]).expect_stderr(&[
        "left out: 20200101_000000_aaaa: ",
        "is damaged or not a run",
        "left out: 20200102_000000_bbbb: ",
        "has schema 7",
        "it ran each case once",
        "left out: 20200103_000000_cccc: there is no run.json in it",
    ]);
    let left_out = part(&page(&results), "model")["left_out"].clone();
    assert_eq!(left_out.as_array().unwrap().len(), 4, "{left_out:#}");
}

#[test]
fn the_newest_runs_go_where_they_are_told_to() {
    let results = measured(2, "targets", "steady");
    let outcome = report(&results, &["--runs", "1", "--output", "one.html"]);
    outcome.expect_code(0).expect_stdout(&["of 1 run in one.html"]);
    let page = fs::read_to_string(results.path().join("one.html")).unwrap();
    let model = part(&page, "model");
    assert_eq!(model["older"], 1);
    assert_eq!(model["comparisons"], json!([]));
    assert!(!results.path().join("report.html").exists());
    let nowhere = report(&results, &["--output", "no/such/folder/x.html"]);
    nowhere.expect_code(1).expect_stderr(&["failed to write", "x.html"]);
}

#[test]
fn a_baseline_is_what_figures_are_held_against() {
    let results = measured(2, "targets", "steady");
    let first = earlier(&results);
    let save = |name: &str| {
        let mut command = bench_command(&hub_bench(), results.path());
        command.args(["baseline", "save", name, "--allow-unoptimized", "--from"]);
        finish(command.arg(first.file_name().unwrap()))
    };
    save("main").expect_code(0);
    report(&results, &["--baseline", "main"]).expect_code(0);
    let model = part(&page(&results), "model");
    assert_eq!(
        (&model["baseline"]["name"], &model["baseline"]["runs"]),
        (&"main".into(), &1.into())
    );
    let times = model["baseline"]["series"]["time"].as_str().unwrap();
    assert_eq!(times.split(',').count(), 5, "{times}");
    assert_eq!(model["comparisons"][0]["record"]["baseline"]["name"], "main");
    let missing = report(&results, &["--baseline", "mian"]);
    missing.expect_code(2).expect_stderr(&["`mian` does not exist", "did you mean `main`?"]);
}

#[test]
fn a_comparison_that_was_kept_comes_first() {
    let results = measured(2, "targets", "steady");
    report(&results, &[]).expect_code(0);
    let made = part(&page(&results), "model")["comparisons"][0]["record"].clone();
    let keep = |name: &str, text: &str| {
        let folder = results.path().join("runs").join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("comparison.json"), text).unwrap();
    };
    keep("20000101_000000_aaaa", &made.to_string());
    keep("29991231_000000_bbbb", &made.to_string());
    keep("20000102_000000_cccc", r#"{"schema":9}"#);
    let outcome = report(&results, &[]);
    outcome.expect_code(0).expect_stderr(&["left out: 20000102_000000_cccc: ", "has schema 9"]);
    let model = part(&page(&results), "model");
    let folders: Vec<&Value> =
        model["comparisons"].as_array().unwrap().iter().map(|found| &found["folder"]).collect();
    // One of turns that is newer than the newest run, that of records, one of long ago.
    let expected = [&json!("29991231_000000_bbbb"), &Value::Null, &json!("20000101_000000_aaaa")];
    assert_eq!(folders, expected);
    assert_eq!(model["left_out"].as_array().unwrap().len(), 1, "{:#}", model["left_out"]);
}

#[test]
fn it_is_opened_by_what_the_system_opens_files_with() {
    let results = measured(1, "targets", "steady");
    let tools = results.path().join("tools");
    fs::create_dir(&tools).unwrap();
    let shown = |path: &std::path::Path| {
        let mut command = bench_command(&hub_bench(), results.path());
        finish(command.args(["report", "--open"]).env("PATH", path))
    };
    let missing = shown(&tools);
    missing.expect_code(1).expect_stdout(&["5 benchmarks"]).expect_stderr(&["could not open it"]);
    let opener = tools.join("xdg-open");
    fs::write(&opener, "#!/bin/sh\necho \"$1\" > \"$HUB_BENCH_DIR/opened\"\n").unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    shown(&tools).expect_code(0);
    let told = || fs::read_to_string(results.path().join("opened")).unwrap_or_default();
    assert!(until(Duration::from_secs(20), || told().trim_end().ends_with("report.html")));
}

#[test]
fn hostile_names_are_text() {
    let results = measured(1, "targets", "hostile");
    report(&results, &[]).expect_code(0).expect_stdout(&["21 benchmarks of 1 run"]);
    let page = page(&results);
    assert_eq!(page.matches("<script").count(), 3);
    assert!(!page.contains("<script>alert"));
    let cases = part(&page, "model")["cases"].clone();
    let found: Vec<&str> =
        cases.as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert!(found.contains(&"hostile::<script>alert(1)</script>&\"'"), "{found:?}");
}

#[test]
fn without_a_run_it_says_what_to_do() {
    let results = Results::new();
    report(&results, &[])
        .expect_code(1)
        .expect_stderr(&["no run is kept in", "cargo hub-bench run"]);
    run(&bench("targets", "steady"), results.path(), ["--test"]).expect_code(0);
    let outcome = report(&results, &[]);
    outcome.expect_code(1).expect_stderr(&["can be shown", "it ran each case once"]);
    assert!(!results.path().join("report.html").exists());
    report(&results, &["--rnus", "3"]).expect_code(2).expect_stderr(&["did you mean `--runs`?"]);
    report(&results, &["--help"]).expect_code(0).expect_stdout(&["Usage: cargo hub-bench report"]);
}
