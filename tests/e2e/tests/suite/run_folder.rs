//! What a run leaves on the disk, and what it does where it cannot.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use e2e_tests::{Mounted, QUICK, Results, bench, bench_command, cases, finish, ids, measured, run};

use crate::exports::call;

#[test]
fn a_run_leaves_one_folder_and_latest_points_at_it() {
    let results = Results::new();
    let arguments = QUICK.iter().chain(&["--seed", "7", "one", "many"]);
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(0);
    let [folder] = results.runs().try_into().unwrap();
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let format = regex::Regex::new(r"^\d{8}_\d{6}_[0-9a-f]{4}$").unwrap();
    assert!(format.is_match(&name), "{name}");
    let latest = fs::read_link(results.path().join("runs/latest")).unwrap();
    assert_eq!(latest, Path::new(&name));
    outcome.expect_stdout(&[&name]);
    let text = fs::read_to_string(folder.join("run.json")).unwrap();
    assert!(text.trim_start().trim_start_matches('{').trim_start().starts_with("\"schema\": 1"));
    let record = results.latest();
    assert_eq!(record["run"]["id"], name.as_str());
    assert_eq!(record["run"]["seed"], 7);
    assert_eq!(record["run"]["mode"], "quick");
    assert_eq!(record["run"]["optimized"], false);
    assert_eq!(record["run"]["interrupted"], false);
    assert_eq!(
        ids(&record),
        ["steady::many[100]", "steady::many[10]", "steady::many[1]", "steady::one"]
    );
    // Nothing half-written stays behind.
    let left: Vec<_> = fs::read_dir(&folder).unwrap().flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["run.json"]);
}

#[test]
fn a_second_run_moves_latest_and_keeps_the_first() {
    let results = Results::new();
    for filter in ["one", "with_bytes"] {
        run(&bench("targets", "steady"), results.path(), ["--test", filter]).expect_code(0);
    }
    assert_eq!(results.runs().len(), 2);
    assert_eq!(ids(&results.latest()), ["steady::with_bytes"]);
}

/// Runs where nothing can be kept: the table is there, the message names the folder, exit 1.
#[track_caller]
fn cannot_be_kept(folder: &Path, reason: &str) {
    let outcome = run(&bench("targets", "steady"), folder, ["--test", "one", "many"]);
    outcome.expect_code(1).expect_stdout(&["steady", "4 tested"]);
    let shown = folder.display().to_string();
    outcome.expect_stderr(&["error: the result was not kept", &shown, reason]);
    assert!(!outcome.stdout.contains("kept in"), "{outcome}");
}

#[test]
fn where_the_results_folder_cannot_be_created_the_table_is_still_printed() {
    let results = Results::new();
    let file = results.path().join("a file");
    fs::write(&file, "in the way").unwrap();
    cannot_be_kept(&file.join("below"), "Not a directory");
    cannot_be_kept(&file, "");
    cannot_be_kept(Path::new("/proc/hub-bench"), "");
    assert_eq!(fs::read_to_string(&file).unwrap(), "in the way");
}

#[test]
fn where_the_disk_is_full_the_table_is_still_printed() {
    let results = Results::new();
    let disk = results.path().join("disk");
    fs::create_dir_all(&disk).unwrap();
    let Some(_mounted) = Mounted::tiny(&disk, 32 * 1024) else {
        println!("skipped: a file system of a few pages cannot be mounted here");
        return;
    };
    // Room for folders and the lock, and for no more.
    let mut ballast = fs::File::create(disk.join("ballast")).unwrap();
    while std::io::Write::write_all(&mut ballast, &[0; 4096]).is_ok() {}
    cannot_be_kept(&disk, "No space left");
    let runs: Vec<_> = fs::read_dir(disk.join("runs")).unwrap().flatten().collect();
    for entry in runs.iter().filter(|entry| entry.path().is_dir()) {
        let left: Vec<_> = fs::read_dir(entry.path()).unwrap().flatten().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn two_runs_at_once_wait_for_each_other() {
    measured(|| {
        let results = Results::new();
        let start = || {
            let mut command = bench_command(&bench("targets", "slow"), results.path());
            command.args(["--launches", "2", "--output-format", "jsonl"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        // Both are read from at once: the one that measures first must not meet a full pipe.
        let read = |child: std::process::Child| std::thread::spawn(|| child.wait_with_output());
        for reader in [start(), start()].map(read) {
            let output = reader.join().unwrap().unwrap();
            e2e_tests::Outcome::from(output).expect_code(0);
        }
        let runs = results.runs();
        assert_eq!(runs.len(), 2);
        let span = |folder: &std::path::PathBuf| {
            let text = fs::read_to_string(folder.join("run.json")).unwrap();
            let record: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(cases(&record).len(), 6);
            let end = fs::metadata(folder.join("run.json")).unwrap().modified().unwrap();
            let lasted =
                std::time::Duration::from_nanos(record["run"]["duration_ns"].as_u64().unwrap());
            (end - lasted, end)
        };
        let mut spans: Vec<_> = runs.iter().map(span).collect();
        spans.sort();
        // The start is taken from when the file was written, a little after the last case.
        let overlap = spans[0].1.duration_since(spans[1].0).unwrap_or_default();
        assert!(overlap < std::time::Duration::from_millis(60), "{overlap:?} of {spans:?}");
    });
}

#[test]
fn a_configured_results_dir_is_taken_from_the_workspace() {
    let workspace = Results::new();
    fs::write(workspace.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    fs::write(workspace.path().join("hub-bench.toml"), "results-dir = \"kept here\"\n").unwrap();
    let inside = workspace.path().join("some/package");
    fs::create_dir_all(&inside).unwrap();
    let mut command = bench_command(&bench("targets", "steady"), workspace.path());
    command.env_remove("HUB_BENCH_DIR").current_dir(&inside).args(["--test", "one"]);
    finish(&mut command).expect_code(0);
    assert!(workspace.path().join("kept here/runs/latest/run.json").is_file());
    fs::remove_file(workspace.path().join("hub-bench.toml")).unwrap();
    finish(&mut command).expect_code(0);
    assert!(workspace.path().join("target/hub-bench/runs/latest/run.json").is_file());
}

/// What copying without links makes of `latest`: a folder, with what was the last run then.
fn copied() -> Results {
    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), ["--test", "one"]).expect_code(0);
    let [folder] = results.runs().try_into().unwrap();
    let latest = results.path().join("runs/latest");
    fs::remove_file(&latest).unwrap();
    fs::create_dir(&latest).unwrap();
    fs::copy(folder.join("run.json"), latest.join("run.json")).unwrap();
    // Names are in the order of seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    results
}

#[test]
fn where_latest_is_a_folder_runs_are_kept_and_the_newest_by_name_is_the_last() {
    let results = copied();
    let before = fs::read(results.path().join("runs/latest/run.json")).unwrap();
    let outcome = run(&bench("targets", "steady"), results.path(), ["--test", "with_bytes"]);
    outcome.expect_code(0);
    assert_eq!(fs::read(results.path().join("runs/latest/run.json")).unwrap(), before);
    let export = call(results.path(), &["export", "--format", "terse"]);
    export.expect_code(0).expect_stdout(&["steady::with_bytes"]);
    export.expect_stderr(&["note: `latest` in", "is a folder and no link"]);
    fs::write(results.path().join("in"), "test a ... bench: 1 ns/iter (+/- 0)\n").unwrap();
    let import = call(results.path(), &["import", "in"]);
    import.expect_code(0).expect_stderr(&["note: `latest` in"]);
    let entries = fs::read_dir(results.path().join("runs")).unwrap();
    assert_eq!(entries.count(), 4, "no link is left over");
}

fn pipe(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn nothing_waits_for_a_pipe_in_the_results_folder() {
    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), ["--sample-count", "3"]).expect_code(0);
    let runs = results.path().join("runs");
    let (id, odd) = ("20200101_000000_aaaa", "20200102_000000_bbbb");
    pipe(&runs.join(id).join("comparison.json"));
    pipe(&runs.join(id).join("load.json"));
    pipe(&runs.join(odd));
    let report = call(results.path(), &["report"]);
    report.expect_code(0).expect_stderr(&["load.json: it is no regular file"]);
    report.expect_stderr(&["comparison.json: it is no regular file"]);
    for id in [id, odd] {
        let export = call(results.path(), &["export", "--format", "terse", "--run", id]);
        export.expect_code(1).expect_stderr(&["it is no regular file"]);
    }
    fs::remove_file(results.path().join("measuring.lock")).unwrap();
    pipe(&results.path().join("measuring.lock"));
    let outcome = run(&bench("targets", "steady"), results.path(), ["--test", "one"]);
    outcome.expect_code(1).expect_stderr(&["measuring.lock: it is no regular file"]);
}

#[test]
fn what_has_no_cases_of_its_own_is_called_what_it_is() {
    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), ["--test", "one"]).expect_code(0);
    let id = "20200101_000000_aaaa";
    let folder = results.path().join("runs").join(id);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("comparison.json"), "{\"schema\":1}").unwrap();
    fs::write(results.path().join("doctor.json"), "{\"schema\":1}").unwrap();
    let export = call(results.path(), &["export", "--format", "terse", "--run", id]);
    export.expect_code(2).expect_stderr(&["is a comparison and has no cases", "report shows it"]);
    for (place, told) in [
        (id, "is a comparison and has no cases of its own"),
        (&*folder.join("comparison.json").display().to_string(), "is a comparison"),
        (&*results.path().display().to_string(), "is a results folder"),
        (".", "`.` is a results folder"),
    ] {
        let arguments = ["compare", "--baseline", place, "--current", "latest"];
        call(results.path(), &arguments).expect_code(2).expect_stderr(&[told]);
    }
}

#[test]
fn a_report_says_why_runs_cannot_be_listed() {
    let results = Results::new();
    fs::write(results.path().join("runs"), "in the way").unwrap();
    let report = call(results.path(), &["report"]);
    report.expect_code(1).expect_stderr(&["failed to list", "Not a directory"]);
}
