//! What becomes of the files that `--output` names, and of what is no file.
//!
//! Devices are made in folders of the tests, those of the system are never named: a mistake would take
//! them away from everybody.

use std::fs;
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use e2e_tests::{
    Mounted, Outcome, QUICK, Results, bench, bench_command, finish, hub_bench, run, send_signal,
    until, wait_for_exit,
};
use serde_json::{Value, json};

const OLD: &str = "what was there before";
/// Where nothing listens.
const ADDRESS: &str = "http://127.0.0.1:9/";

fn call(results: &Results, arguments: &[&str]) -> Outcome {
    finish(bench_command(&hub_bench(), results.path()).args(arguments))
}

/// A results folder with one short run of one case.
fn with_run() -> Results {
    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), QUICK.iter().chain(&["one"])).expect_code(0);
    results
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).unwrap().is_symlink()
}

/// Files that were to be gone before the end.
fn left_over(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains(".tmp")).collect()
}

/// A device of memory with that number; `None` where none may be made.
fn device(results: &Results, name: &str, minor: &str) -> Option<PathBuf> {
    let path = results.path().join(name);
    let made = Command::new("mknod").arg(&path).args(["c", "1", minor]).output().unwrap();
    let is_usable = || fs::OpenOptions::new().write(true).open(&path).is_ok();
    (made.status.success() && is_usable()).then_some(path)
}

fn is_device(path: &Path) -> bool {
    fs::symlink_metadata(path).unwrap().file_type().is_char_device()
}

fn pipe(results: &Results, name: &str) -> PathBuf {
    let path = results.path().join(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// Does something while the pipe is read; what was read.
fn read_while(pipe: &Path, act: impl FnOnce()) -> String {
    let path = pipe.to_owned();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        fs::File::open(path).unwrap().read_to_string(&mut text).unwrap();
        text
    });
    act();
    let text = reader.join().unwrap();
    assert!(fs::symlink_metadata(pipe).unwrap().file_type().is_fifo());
    text
}

#[test]
fn a_report_goes_where_links_lead() {
    let results = with_run();
    let folder = results.path().join("pages");
    fs::create_dir_all(&folder).unwrap();
    symlink("pages/page.html", results.path().join("link.html")).unwrap();
    // The first time there is nothing behind the link.
    for old in [None, Some(OLD)] {
        if let Some(old) = old {
            fs::write(folder.join("page.html"), old).unwrap();
        }
        call(&results, &["report", "--output", "link.html"]).expect_code(0);
        assert!(is_link(&results.path().join("link.html")));
        assert!(fs::read_to_string(folder.join("page.html")).unwrap().contains("</html>"));
    }
    assert!(left_over(results.path()).is_empty() && left_over(&folder).is_empty());
}

#[test]
fn a_private_file_stays_private() {
    let results = with_run();
    for arguments in [&["report"][..], &["export", "--format", "csv"]] {
        let file = results.path().join("private");
        fs::write(&file, OLD).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        call(&results, &[arguments, &["--output", "private"]].concat()).expect_code(0);
        assert_ne!(fs::read_to_string(&file).unwrap(), OLD);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o600);
    }
}

#[test]
fn a_pipe_is_read_from_and_stays() {
    let results = with_run();
    let path = pipe(&results, "pipe");
    let page = read_while(&path, || {
        call(&results, &["report", "--output", "pipe"]).expect_code(0);
    });
    assert!(page.contains("</html>"), "{page}");
    let record = read_while(&path, || {
        call(&results, &["export", "--format", "json", "--output", "pipe"]).expect_code(0);
    });
    assert_eq!(serde_json::from_str::<Value>(&record).unwrap(), results.latest());
    for format in ["json", "jsonl"] {
        let text = read_while(&path, || {
            let arguments = ["--test", "one", "--output-format", format, "--output", "pipe"];
            run(&bench("targets", "steady"), results.path(), arguments).expect_code(0);
        });
        assert!(text.contains("steady::one"), "{text}");
    }
}

#[test]
fn a_device_stays_a_device() {
    let results = with_run();
    let nodes = (device(&results, "null", "3"), device(&results, "full", "7"));
    let (Some(null), Some(full)) = nodes else { return };
    for arguments in [&["report"][..], &["export", "--format", "csv"]] {
        let to = |name| call(&results, &[arguments, &["--output", name]].concat());
        to("null").expect_code(0);
        to("full").expect_code(1).expect_stderr(&["failed to write", "full", "No space left"]);
    }
    let both = ["--output-format", "json", "--output", "null"];
    let both = [&both[..], &["--output-format", "jsonl", "--output", "null"]].concat();
    let quick = [&["--test", "one"][..], &both].concat();
    run(&bench("targets", "steady"), results.path(), quick).expect_code(0);
    for format in ["json", "jsonl"] {
        let arguments = ["--test", "one", "--output-format", format, "--output", "full"];
        let outcome = run(&bench("targets", "steady"), results.path(), arguments);
        outcome.expect_code(1).expect_stderr(&["full", "No space left"]);
    }
    assert!(is_device(&null) && is_device(&full));
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let results = with_run();
    let disk = results.path().join("disk");
    fs::create_dir_all(&disk).unwrap();
    let Some(_mounted) = Mounted::tiny(&disk, 16_384) else { return };
    fs::write(disk.join("old"), OLD).unwrap();
    fs::write(disk.join("big"), "x".repeat(8_000)).unwrap();
    let record = run(
        &bench("targets", "steady"),
        results.path(),
        QUICK.iter().chain(&["--output-format", "json", "--output", "disk/old"]),
    );
    record.expect_code(1).expect_stderr(&["No space left"]);
    for arguments in [&["report"][..], &["export", "--format", "json"]] {
        let outcome = call(&results, &[arguments, &["--output", "disk/old"]].concat());
        outcome.expect_code(1).expect_stderr(&["failed to write", "No space left"]);
    }
    assert_eq!(fs::read_to_string(disk.join("old")).unwrap(), OLD);
    assert!(left_over(&disk).is_empty());
}

#[test]
fn files_of_a_tree_are_replaced_one_by_one() {
    let results = with_run();
    let export = || {
        let arguments = ["export", "--format", "criterion", "--output", "tree"];
        call(&results, &arguments).expect_code(0);
    };
    export();
    let file = results.path().join("tree/steady/one/new/estimates.json");
    let text = fs::read_to_string(&file).unwrap();
    let elsewhere = results.path().join("elsewhere.json");
    fs::rename(&file, &elsewhere).unwrap();
    fs::write(&elsewhere, OLD).unwrap();
    symlink(&elsewhere, &file).unwrap();
    export();
    assert!(is_link(&file));
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), text);
    assert!(left_over(file.parent().unwrap()).is_empty());
}

#[test]
fn a_usage_error_leaves_old_files_as_they_are() {
    let results = Results::new();
    let old = results.path().join("old");
    fs::write(&old, OLD).unwrap();
    let outputs = ["--output-format", "json", "--output", "old", "--output-format", "csv"];
    let outputs = [&outputs[..], &["--output", "no/such/folder/a.csv"]].concat();
    let told = |outcome: Outcome| {
        outcome.expect_code(2).expect_stderr(&["no/such/folder/a.csv"]);
        assert_eq!(fs::read_to_string(&old).unwrap(), OLD);
    };
    let benches = [&["--test"][..], &outputs].concat();
    told(run(&bench("targets", "steady"), results.path(), benches));
    told(call(&results, &[&["load", ADDRESS, "--duration", "1s"][..], &outputs].concat()));
    fs::remove_file(&old).unwrap();
    let benches = [&["--test"][..], &outputs].concat();
    run(&bench("targets", "steady"), results.path(), benches).expect_code(2);
    assert!(!old.exists(), "an empty file is left");
}

#[test]
fn a_killed_run_leaves_old_files_as_they_are() {
    let results = Results::new();
    let old = results.path().join("old");
    fs::write(&old, OLD).unwrap();
    let mut command = bench_command(&bench("targets", "steady"), results.path());
    command.args(["--bench", "one", "--min-time", "60s", "--max-time", "60s"]);
    command.args(["--output-format", "json", "--output", "old"]);
    command.args(["--output-format", "jsonl", "--output", "lines"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Lines are there as they come.
    let lines = results.path().join("lines");
    let is_under_way = || fs::read_to_string(&lines).is_ok_and(|lines| lines.contains("\n{"));
    assert!(until(Duration::from_secs(60), is_under_way));
    send_signal(&child, libc::SIGKILL);
    wait_for_exit(&mut child, Duration::from_secs(10)).unwrap();
    assert_eq!(fs::read_to_string(&old).unwrap(), OLD);
    assert!(left_over(results.path()).is_empty());
}

#[test]
fn two_formats_get_no_file_in_common() {
    let results = Results::new();
    fs::create_dir_all(results.path().join("sub")).unwrap();
    symlink("a", results.path().join("link")).unwrap();
    pipe(&results, "pipe");
    for (one, other) in
        [("a", "a"), ("a", "./a"), ("a", "sub/../a"), ("link", "a"), ("pipe", "./pipe")]
    {
        let outputs =
            ["--output-format", "json", "--output", one, "--output-format", "junit", "--output"];
        let outputs = [&outputs[..], &[other]].concat();
        let refused = |outcome: Outcome| {
            outcome.expect_code(2).expect_stderr(&["two formats are to go to", other]);
        };
        let benches = [&["--test"][..], &outputs].concat();
        refused(run(&bench("targets", "steady"), results.path(), benches));
        refused(call(&results, &[&["load", ADDRESS][..], &outputs].concat()));
        let compare = ["compare", "--baseline", "x", "--current", "y"];
        refused(call(&results, &[&compare[..], &outputs].concat()));
    }
    assert!(!results.path().join("a").exists());
}

/// Five runs and one more that is like them, of a real one.
fn with_sides() -> Results {
    let results = with_run();
    let mut record = results.latest();
    record["environment"]["git_commit"] = json!("4b1c2d9e8f00");
    record["environment"]["git_dirty"] = json!(false);
    for (number, time) in [1000.0, 1002.0, 997.0, 1001.0, 999.0, 1000.0].into_iter().enumerate() {
        record["run"]["id"] = json!(format!("20260101_12000{number}_3f2a"));
        record["run"]["started_at"] = json!(format!("2026-01-01T12:00:0{number}Z"));
        record["cases"][0]["metrics"]["time"] = json!({
            "unit": "ns", "better": "lower", "estimate": time, "low": time * 0.999,
            "high": time * 1.001,
        });
        let side = if number == 5 { "new" } else { "old" };
        let folder = results.path().join(format!("{side}/{number}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("run.json"), record.to_string()).unwrap();
    }
    results
}

#[test]
fn compare_tells_the_exit_code_that_it_ends_with() {
    let results = with_sides();
    let compare = |files: &[&str]| {
        let outputs = files.iter().flat_map(|file| ["--output-format", "json", "--output", *file]);
        let sides = ["compare", "--baseline", "old", "--current", "new"].into_iter();
        call(&results, &sides.chain(outputs).collect::<Vec<_>>())
    };
    compare(&["good"]).expect_code(0).expect_stdout(&["exit 0: nothing regressed"]);
    fs::write(results.path().join("good"), OLD).unwrap();
    let early = compare(&["good", "no/such/folder/x"]);
    early.expect_code(1).expect_stderr(&["no/such/folder/x"]);
    assert!(early.stdout.is_empty(), "{early}");
    assert_eq!(fs::read_to_string(results.path().join("good")).unwrap(), OLD);
    if device(&results, "full", "7").is_some() {
        let late = compare(&["full", "good"]);
        late.expect_code(1).expect_stdout(&["exit 1:"]).expect_stderr(&["No space left"]);
        assert!(!late.stdout.contains("exit 0"), "{late}");
        // One that fails takes no other one along.
        let good = fs::read_to_string(results.path().join("good")).unwrap();
        assert!(good.contains("comparisons"), "{good}");
    }
}

#[test]
fn a_dash_is_standard_output() {
    let results = with_run();
    let page = call(&results, &["report", "--output", "-"]);
    page.expect_code(0).expect_stderr(&["1 benchmark of 1 run on standard output"]);
    assert!(page.stdout.trim_end().ends_with("</html>"), "{page}");
    let record = call(&results, &["export", "--format", "json", "--output", "-"]);
    let read: Value = serde_json::from_str(&record.expect_code(0).stdout).unwrap();
    assert_eq!(read, results.latest());
    assert!(!results.path().join("-").exists());
    call(&results, &["report", "--output", "-", "--open"]).expect_code(2);
}
