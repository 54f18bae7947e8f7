//! Signals in the middle of a run.

use std::fs;
use std::os::fd::AsRawFd;
use std::process::{Child, Stdio};
use std::time::Duration;

use e2e_tests::{
    Outcome, Results, bench, bench_command, cases, processes_with, send_signal, until,
    wait_for_exit,
};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A run of some seconds, its processes recognisable by the marker.
fn start(results: &Results, marker: &str, arguments: &[&str]) -> Child {
    let mut command = bench_command(&bench("targets", "slow"), results.path());
    command.args(["--launches", "40"]).args(arguments).env("E2E_MARKER", marker);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn marker(name: &str) -> String {
    format!("e2e-{name}-{}", std::process::id())
}

#[test]
fn a_parent_that_is_killed_leaves_whole_records_and_no_workers() {
    let results = Results::new();
    let marker = marker("killed");
    // Two quick runs' worth of time, hit at any moment: before, during and after the writing.
    for attempt in 0..15_u64 {
        let mut command = bench_command(&bench("targets", "steady"), results.path());
        command.args(["--sample-count", "3", "--launches", "2"]).env("E2E_MARKER", &marker);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(attempt * 14));
        child.kill().unwrap();
        child.wait().unwrap();
        let gone = until(PATIENCE, || processes_with(&marker).is_empty());
        assert!(gone, "attempt {attempt}: {:?} live on", processes_with(&marker));
    }
    for folder in results.runs() {
        let Ok(text) = fs::read_to_string(folder.join("run.json")) else { continue };
        let record: serde_json::Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        assert_eq!(cases(&record).len(), 5);
    }
    if results.path().join("runs/latest").is_symlink() {
        assert_eq!(results.latest()["schema"], 1);
    }
    // And the next run is not hindered by what they left.
    let mut command = bench_command(&bench("targets", "steady"), results.path());
    e2e_tests::finish(command.args(["--test"])).expect_code(0);
}

/// A worker that hangs does not notice that nobody listens any more; the kernel ends it.
#[test]
fn a_parent_that_is_killed_takes_a_hanging_worker_along() {
    let results = Results::new();
    let marker = marker("orphan");
    let mut command = bench_command(&bench("unruly", "unruly"), results.path());
    command.args(["--timeout", "300s", "unruly::hangs"]).env("E2E_MARKER", &marker);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for_launches(&marker);
    child.kill().unwrap();
    child.wait().unwrap();
    let gone = until(Duration::from_secs(5), || processes_with(&marker).is_empty());
    assert!(gone, "{:?} live on", processes_with(&marker));
}

/// Interrupts once the run has measured something; gives what it said.
fn interrupt(mut child: Child, marker: &str, signal: i32) -> Outcome {
    wait_for_launches(marker);
    send_signal(&child, signal);
    assert!(wait_for_exit(&mut child, PATIENCE).is_some(), "it does not end");
    child.wait_with_output().unwrap().into()
}

/// Waits until some launches are over.
fn wait_for_launches(marker: &str) {
    // The first worker is a launch that is going on; some cases of it take 50 ms each.
    assert!(until(PATIENCE, || processes_with(marker).len() >= 2), "no worker");
    std::thread::sleep(Duration::from_millis(1200));
}

#[test]
fn an_interrupted_run_keeps_and_prints_what_is_finished() {
    let results = Results::new();
    let marker = marker("interrupted");
    let child = start(&results, &marker, &[]);
    let outcome = interrupt(child, &marker, libc::SIGINT);
    outcome.expect_code(1).expect_stdout(&["naps", "kept in", "interrupted"]);
    let record = results.latest();
    assert_eq!(record["run"]["interrupted"], true);
    assert_eq!(cases(&record).len(), 6);
    let measured = cases(&record).iter().filter(|case| case["status"] == "measured");
    let launches = measured.map(|case| case["launches"].as_array().map_or(0, Vec::len));
    assert!(launches.clone().count() > 0 && launches.clone().all(|n| (1..40).contains(&n)));
    assert!(until(PATIENCE, || processes_with(&marker).is_empty()));
}

#[test]
fn a_termination_is_an_interruption_too() {
    let results = Results::new();
    let marker = marker("terminated");
    let child = start(&results, &marker, &[]);
    interrupt(child, &marker, libc::SIGTERM).expect_code(1);
    assert_eq!(results.latest()["run"]["interrupted"], true);
}

#[test]
fn a_second_interrupt_ends_the_run_at_once() {
    let results = Results::new();
    let marker = marker("twice");
    // The record does not fit into the pipe, which nobody reads: the run hangs in its last words.
    let mut child = start(&results, &marker, &["--output-format", "json"]);
    let pipe = child.stdout.as_ref().unwrap().as_raw_fd();
    // SAFETY: the descriptor is open, and the request takes a plain number.
    assert!(unsafe { libc::fcntl(pipe, libc::F_SETPIPE_SZ, 4096) } >= 0);
    wait_for_launches(&marker);
    send_signal(&child, libc::SIGINT);
    assert!(until(PATIENCE, || results.path().join("runs/latest/run.json").is_file()));
    std::thread::sleep(Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none(), "it ended although its pipe is full");
    send_signal(&child, libc::SIGINT);
    let status = wait_for_exit(&mut child, Duration::from_secs(5)).unwrap();
    assert_eq!(status.code(), Some(130));
    assert_eq!(results.latest()["run"]["interrupted"], true);
    assert!(until(PATIENCE, || processes_with(&marker).is_empty()), "workers live on");
}

#[test]
fn interrupting_a_hanging_bench_does_not_wait_for_its_deadline() {
    let results = Results::new();
    let marker = marker("hanging");
    let mut command = bench_command(&bench("unruly", "unruly"), results.path());
    command.args(["--timeout", "300s", "unruly::hangs"]).env("E2E_MARKER", &marker);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    interrupt(child, &marker, libc::SIGINT).expect_code(1);
    assert_eq!(results.latest()["run"]["interrupted"], true);
    assert!(until(PATIENCE, || processes_with(&marker).is_empty()));
}
