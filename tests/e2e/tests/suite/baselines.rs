//! Runs that become baselines, and baselines that are asked for.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirEntryExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use e2e_tests::{
    Mounted, Outcome, QUICK, Results, bench, bench_command, finish, hub_bench, measured,
    processes_with, run, send_signal, until, wait_for_exit,
};
use serde_json::Value;

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(20);

fn steady() -> PathBuf {
    bench("targets", "steady")
}

/// The same benches in an executable that differs: what stands behind an ELF file changes nothing.
fn other(results: &Results) -> PathBuf {
    let path = results.path().join("steady-other");
    if !path.exists() {
        let mut bytes = fs::read(steady()).unwrap();
        bytes.extend(b"other");
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    path
}

fn save(executable: &Path, results: &Results, arguments: &[&str]) -> Outcome {
    let saving = ["--save-baseline", "main", "--allow-unoptimized"];
    run(executable, results.path(), QUICK.iter().chain(&saving).chain(arguments))
}

/// What `cargo hub-bench baseline` does.
fn verb(results: &Results, arguments: &[&str]) -> Outcome {
    finish(bench_command(&hub_bench(), results.path()).arg("baseline").args(arguments))
}

fn place(results: &Results) -> PathBuf {
    results.path().join("baselines/main/targets--steady")
}

fn manifest(results: &Results) -> Value {
    let text = fs::read_to_string(place(results).join("baseline.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Ids of the cases of each run of the baseline.
fn cases_of_runs(results: &Results) -> Vec<Vec<String>> {
    let runs = manifest(results)["runs"].as_array().unwrap().clone();
    let cases = |run: &Value| {
        let path = place(results).join("runs").join(run["file"].as_str().unwrap());
        e2e_tests::ids(&serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap())
    };
    runs.iter().map(cases).collect()
}

/// Copies of executables that are there.
fn copies(results: &Results) -> Vec<PathBuf> {
    let files = fs::read_dir(place(results)).unwrap().flatten().map(|entry| entry.path());
    let mut copies: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    copies.retain(|path| path.file_name().is_some_and(|name| name != "baseline.json"));
    copies
}

#[test]
fn the_same_executable_adds_a_run_and_its_copy_runs() {
    let results = Results::new();
    let first = save(&steady(), &results, &[]);
    first.expect_code(0).expect_stderr(&["saved as baseline main: 5 cases, 1 run, executable "]);
    let [copy] = copies(&results).try_into().unwrap();
    let metadata = fs::metadata(&copy).unwrap();
    assert_eq!((metadata.permissions().mode() & 0o777, metadata.nlink()), (0o755, 1));
    assert_eq!(fs::read(&copy).unwrap(), fs::read(steady()).unwrap());
    run(&copy, results.path(), ["--list"]).expect_code(0).expect_stdout(&["with_bytes"]);
    save(&steady(), &results, &[]).expect_code(0).expect_stderr(&["5 cases, 2 runs, executable "]);
    assert_eq!(copies(&results), [copy]);
    let manifest = manifest(&results);
    assert_eq!((&manifest["schema"], &manifest["name"]), (&1.into(), &"main".into()));
    assert_eq!((&manifest["package"], &manifest["target"]), (&"targets".into(), &"steady".into()));
    let executable = &manifest["executables"][0];
    assert_eq!(executable["working_dir"], results.path().to_str().unwrap());
    assert_eq!(executable["size_bytes"], metadata.len());
    assert_eq!(cases_of_runs(&results).len(), 2);
}

#[test]
fn another_executable_replaces_and_append_pools() {
    let results = Results::new();
    save(&steady(), &results, &[]).expect_code(0);
    let pooled = save(&other(&results), &results, &["--append"]);
    pooled.expect_code(0).expect_stderr(&["5 cases, 2 runs"]);
    let replaced = save(&steady(), &results, &[]);
    replaced.expect_code(0).expect_stderr(&["5 cases, 2 runs", "replaces"]);
    let replaced = save(&other(&results), &results, &[]);
    replaced.expect_code(0).expect_stderr(&["5 cases, 1 run,", "replaces what another executable"]);
    let [copy] = copies(&results).try_into().unwrap();
    assert!(fs::read(copy).unwrap().ends_with(b"other"));
}

#[test]
fn a_filtered_save_replaces_its_cases_only() {
    let results = Results::new();
    save(&steady(), &results, &[]).expect_code(0);
    let filtered = save(&other(&results), &results, &["many"]);
    filtered.expect_code(0).expect_stderr(&["5 cases, 2 runs"]);
    let [old, new] = cases_of_runs(&results).try_into().unwrap();
    assert_eq!(old, ["steady::one", "steady::with_bytes"]);
    assert_eq!(new.len(), 3);
    assert_eq!(copies(&results).len(), 2);
    verb(&results, &["show", "main"]).expect_code(0).expect_stdout(&["of 2 cases", "of 3 cases"]);
}

#[test]
fn processes_of_one_nextest_run_save_one_run() {
    let results = Results::new();
    for filter in ["steady::one", "steady::many[1]"] {
        let mut command = bench_command(&steady(), results.path());
        command.args(QUICK).args(["--save-baseline", "main", "--allow-unoptimized", "--exact"]);
        finish(command.arg(filter).env("NEXTEST_RUN_ID", "77")).expect_code(0);
    }
    assert_eq!(cases_of_runs(&results), [["steady::many[1]", "steady::one"]]);
}

#[test]
fn what_was_not_optimised_is_refused_before_measuring() {
    let results = Results::new();
    let outcome = run(&steady(), results.path(), ["--quick", "--save-baseline", "main"]);
    outcome.expect_code(2).expect_stderr(&["not optimised", "`main`", "--allow-unoptimized"]);
    assert!(results.runs().is_empty());
    let arguments = QUICK.iter().chain(&["--save-baseline", "main", "fast_enough"]);
    let outcome = run(&bench("optimised", "optimised_build"), results.path(), arguments);
    outcome.expect_code(0).expect_stderr(&["saved as baseline main: 1 case, 1 run"]);
}

#[test]
fn cases_that_broke_are_left_out() {
    let results = Results::new();
    let unruly = bench("unruly", "unruly");
    let outcome = save(&unruly, &results, &["behaves", "unruly::exits"]);
    outcome.expect_code(101);
    outcome.expect_stderr(&["main: 2 cases, 1 run", "1 case without figures is not in it"]);
    let outcome = save(&unruly, &Results::new(), &["unruly::exits"]);
    outcome.expect_code(101).expect_stderr(&["not saved as baseline main: no case has figures"]);
}

#[test]
fn an_interrupted_run_is_not_saved() {
    let results = Results::new();
    let marker = format!("e2e-unsaved-{}", std::process::id());
    let mut command = bench_command(&bench("targets", "slow"), results.path());
    command.args(["--launches", "40", "--save-baseline", "main", "--allow-unoptimized"]);
    command.env("E2E_MARKER", &marker).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    assert!(until(PATIENCE, || processes_with(&marker).len() >= 2), "no worker");
    send_signal(&child, libc::SIGINT);
    assert!(wait_for_exit(&mut child, PATIENCE).is_some(), "it does not end");
    let outcome = Outcome::from(child.wait_with_output().unwrap());
    outcome.expect_code(1).expect_stderr(&["not saved as baseline main: the run was not finished"]);
    assert!(!results.path().join("baselines").exists());
}

#[test]
fn a_missing_baseline_lists_those_there_are() {
    let results = Results::new();
    let asked = |name: &str| run(&steady(), results.path(), ["--baseline", name]);
    asked("main").expect_code(2).expect_stderr(&["`main` does not exist", "known: none"]);
    save(&steady(), &results, &["one"]).expect_code(0);
    let before = results.runs().len();
    let outcome = asked("mian");
    outcome
        .expect_code(2)
        .expect_stderr(&["error: baseline `mian` does not exist\n  known: main (1 run, 2"]);
    outcome.expect_stderr(&["help: did you mean `main`?"]);
    let other_target = run(&bench("targets", "slow"), results.path(), ["--baseline", "main"]);
    other_target
        .expect_code(2)
        .expect_stderr(&["nothing of target slow of targets", "it has: steady"]);
    assert_eq!(results.runs().len(), before, "something was measured");
}

#[test]
fn hostile_names_are_refused() {
    let results = Results::new();
    let long = "x".repeat(10_000);
    for name in ["../up", "..", ".x", "-x", "a/b", "", "\u{1b}[31m", "é", "a b", &long] {
        for option in ["--save-baseline", "--baseline"] {
            let outcome = run(&steady(), results.path(), [format!("{option}={name}")]);
            outcome.expect_code(2).expect_stderr(&["not a name for a baseline", "1 to 64"]);
            assert!(!outcome.stderr.contains('\u{1b}') && outcome.stderr.len() < 500);
        }
        if !name.starts_with('-') {
            verb(&results, &["remove", name]).expect_code(2).expect_stderr(&["1 to 64"]);
        }
    }
    let raw = std::ffi::OsStr::from_bytes(b"a\xff");
    let outcome = run(&steady(), results.path(), [std::ffi::OsStr::new("--save-baseline"), raw]);
    outcome.expect_code(2).expect_stderr(&["not a name"]);
    assert_eq!(fs::read_dir(results.path()).unwrap().count(), 0);
}

#[test]
fn damage_is_told_with_the_remedy() {
    let results = Results::new();
    save(&steady(), &results, &["one"]).expect_code(0);
    let file = place(&results).join("baseline.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    let outcome = run(&steady(), results.path(), ["--baseline", "main"]);
    outcome.expect_code(2).expect_stderr(&[
        "`main` is damaged",
        "baseline.json",
        "--save-baseline main",
    ]);
    verb(&results, &["list"]).expect_code(0).expect_stdout(&["main", "damaged"]);
    let filtered = save(&steady(), &results, &["one"]);
    filtered.expect_code(1).expect_stderr(&["the baseline was not saved", "damaged"]);
    save(&steady(), &results, &[]).expect_code(0);
    let [copy] = copies(&results).try_into().unwrap();
    fs::OpenOptions::new().write(true).open(&copy).unwrap().set_len(100).unwrap();
    let shown = verb(&results, &["show", "main"]);
    shown.expect_code(1).expect_stderr(&[
        "is damaged",
        "100 bytes instead of",
        "--save-baseline main",
    ]);
    save(&steady(), &results, &[]).expect_code(0);
    verb(&results, &["show", "main"]).expect_code(0);
}

/// Saves where that cannot be done: the run is kept, the table is there, exit 1.
#[track_caller]
fn cannot_be_saved(executable: &Path, results: &Results, reason: &str) {
    let outcome = save(executable, results, &[]);
    outcome.expect_code(1).expect_stdout(&["5 measured", "kept in"]);
    outcome.expect_stderr(&["error: the baseline was not saved", reason]);
}

#[test]
fn where_nothing_can_be_written_the_run_is_kept_all_the_same() {
    let results = Results::new();
    let baselines = results.path().join("baselines");
    fs::write(&baselines, "in the way").unwrap();
    cannot_be_saved(&steady(), &results, "create the folder");
    fs::remove_file(&baselines).unwrap();
    fs::create_dir(&baselines).unwrap();
    let Some(mounted) = Mounted::tiny(&baselines, 1 << 30) else {
        println!("skipped: a file system cannot be mounted here");
        return;
    };
    save(&steady(), &results, &[]).expect_code(0);
    mounted.make_read_only();
    cannot_be_saved(&steady(), &results, "Read-only file system");
    verb(&results, &["show", "main"]).expect_code(0);
    verb(&results, &["remove", "main"]).expect_code(1).expect_stderr(&["Read-only file system"]);
}

#[test]
fn where_the_disk_is_full_the_old_baseline_stays() {
    let results = Results::new();
    let baselines = results.path().join("baselines");
    fs::create_dir(&baselines).unwrap();
    let size = fs::metadata(steady()).unwrap().len();
    let Some(_mounted) = Mounted::tiny(&baselines, size * 3 / 2) else {
        println!("skipped: a file system of some pages cannot be mounted here");
        return;
    };
    save(&steady(), &results, &[]).expect_code(0);
    let before = manifest(&results);
    let [copy] = copies(&results).try_into().unwrap();
    cannot_be_saved(&other(&results), &results, "No space left");
    assert_eq!((manifest(&results), copies(&results)), (before, vec![copy]));
    verb(&results, &["show", "main"]).expect_code(0);
    // And what was left over does not hinder a save that fits.
    save(&steady(), &results, &[]).expect_code(0).expect_stderr(&["2 runs"]);
}

/// The files of the baseline, and which they are.
fn snapshot(results: &Results) -> Vec<(PathBuf, u64)> {
    let files = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
    let all = files(place(results)).chain(files(place(results).join("runs")));
    let mut all: Vec<(PathBuf, u64)> = all.map(|file| (file.path(), file.ino())).collect();
    all.sort();
    all
}

/// Waits for that many changes among the files; whether there were as many.
fn wait_for_changes(child: &mut Child, results: &Results, changes: usize) -> bool {
    let mut before = snapshot(results);
    let mut seen = 0;
    // Without a pause: the time between two changes is short.
    while seen < changes && child.try_wait().unwrap().is_none() {
        let now = snapshot(results);
        if now != before {
            seen += 1;
            before = now;
        }
    }
    seen == changes
}

/// A save is a number of changes on the disk; it is killed between any two of them.
#[test]
fn a_save_that_is_killed_leaves_a_whole_baseline_or_none() {
    let results = Results::new();
    let marker = format!("e2e-save-{}", std::process::id());
    let executables = [steady(), other(&results)];
    let (mut absent, mut killed) = (0, 0);
    for attempt in 0..32 {
        let mut command = bench_command(&executables[attempt % 2], results.path());
        command.args(QUICK).args(["--save-baseline", "main", "--allow-unoptimized", "one"]);
        command.env("E2E_MARKER", &marker).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        killed += usize::from(wait_for_changes(&mut child, &results, 1 + attempt / 2 % 8));
        // It may have ended by now.
        let _ = child.kill();
        child.wait().unwrap();
        assert!(until(PATIENCE, || processes_with(&marker).is_empty()));
        let shown = verb(&results, &["show", "main"]);
        if shown.code == Some(2) {
            shown.expect_stderr(&["does not exist"]);
            absent += 1;
        } else {
            shown.expect_code(0);
        }
    }
    assert!(absent > 0 && killed > 8, "{absent} absent, {killed} killed: too few to tell");
    save(&steady(), &results, &[]).expect_code(0);
    assert_eq!(copies(&results).len(), 1);
}

#[test]
fn the_verb_lists_shows_saves_and_removes() {
    let results = Results::new();
    verb(&results, &["list"]).expect_code(0).expect_stdout(&["no baselines"]);
    let nothing = verb(&results, &["save", "main"]);
    nothing.expect_code(2).expect_stderr(&["no run is kept here"]);
    run(&steady(), results.path(), QUICK).expect_code(0);
    verb(&results, &["save", "main"]).expect_code(2).expect_stderr(&["--allow-unoptimized"]);
    let saved = verb(&results, &["save", "main", "--allow-unoptimized"]);
    saved.expect_code(0).expect_stdout(&["5 cases, 1 run, records only", "compared unpaired"]);
    let wrong = verb(&results, &["save", "main", "--from", "../x"]);
    wrong.expect_code(2).expect_stderr(&["there is no run `../x`", "the last of 1 is 2"]);
    let id = results.latest()["run"]["id"].as_str().unwrap().to_owned();
    let from = ["save", "release-1.2", "--allow-unoptimized", "--from", &id];
    verb(&results, &from).expect_code(0);
    let list = verb(&results, &["list"]);
    list.expect_code(0).expect_stdout(&["name size cases runs saved of", "main", "release-1.2"]);
    let shown = verb(&results, &["show", "main"]);
    shown.expect_code(0).expect_stdout(&["steady of package targets", &id, "machine", "unpaired"]);
    let unknown = verb(&results, &["show", "mian"]);
    unknown.expect_code(2).expect_stderr(&["did you mean `main`?", "release-1.2 (1 run, 2"]);
    let removed = verb(&results, &["remove", "main"]);
    removed.expect_code(0).expect_stdout(&["removed baseline main: ", "B"]);
    verb(&results, &["remove", "main"]).expect_code(2).expect_stderr(&["does not exist"]);
    verb(&results, &["lst"]).expect_code(2).expect_stderr(&["did you mean `list`?"]);
    verb(&results, &["--help"]).expect_code(0).expect_stdout(&["save NAME"]);
}

/// Workers of a comparison are started in the folder of the save, from where a relative path leads
/// elsewhere.
#[test]
fn a_relative_results_folder_is_found_from_wherever_workers_start() {
    measured(|| {
        let results = Results::new();
        save(&steady(), &results, &[]).expect_code(0);
        let inner = results.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let mut command = bench_command(&steady(), results.path());
        command.env("HUB_BENCH_DIR", "..").current_dir(&inner).args(QUICK);
        command.args(["--baseline", "main", "--measure-identical", "--budget", "300ms"]);
        let outcome = finish(&mut command);
        outcome.expect_code(0);
        assert!(!outcome.stderr.contains("failed to start"), "{outcome}");
    });
}
