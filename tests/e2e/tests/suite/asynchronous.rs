//! Async benches: forms, runtimes, what goes wrong in them, and applications that already drive a
//! runtime.

use std::process::Command;

use e2e_tests::{
    Outcome, QUICK, Results, bench, bench_command, cargo, case_status, cases, clean, find, finish,
    ids, measured, run, unit_tests,
};
use serde_json::Value;

/// Benches that fail on purpose; all others check themselves.
const BROKEN: [(&str, &str, &str); 8] = [
    ("bencher::not_on_threads{t=2}", "failed", "take no `threads`"),
    ("state::on_another_runtime", "failed", "with the option `runtime`"),
    ("state::teardown_fails", "failed", "not taken back"),
    ("unruly::a_task_panics", "failed", "a panic of a task"),
    ("unruly::exits", "died", "exit code 0"),
    ("unruly::never_completes", "timed_out", "500ms"),
    ("unruly::panics", "panicked", "a panic after a pause"),
    ("unruly::returns_err", "failed", "the returned error"),
];

fn measure(arguments: &[&str]) -> (Outcome, Value) {
    let results = Results::new();
    let binary = bench("asynchronous", "asynchronous");
    let outcome = run(&binary, results.path(), QUICK.iter().chain(arguments));
    let record = results.latest();
    (outcome, record)
}

fn estimate(record: &Value, id: &str, metric: &str) -> Option<f64> {
    find(record, &format!("asynchronous::{id}"))["metrics"][metric]["estimate"].as_f64()
}

#[test]
fn every_form_is_measured_and_whatever_breaks_costs_one_case() {
    let (outcome, record) = measure(&["--skip", "embedded"]);
    outcome.expect_code(101);
    let setup = "unruly::setup_never_completes";
    for case in cases(&record) {
        let id = case["id"].as_str().unwrap_or_default().trim_start_matches("asynchronous::");
        let message = case["message"].as_str().unwrap_or_default();
        if let Some((_, status, text)) = BROKEN.iter().find(|(broken, ..)| *broken == id) {
            assert_eq!(case["status"], *status, "{case:#}");
            assert!(message.contains(text), "{case:#}");
        } else if id == setup {
            assert_eq!(case["status"], "timed_out", "{case:#}");
        } else {
            assert_eq!(case["status"], "measured", "{case:#}");
        }
    }
    let found = ids(&record);
    for (id, ..) in BROKEN {
        assert!(found.contains(&format!("asynchronous::{id}")), "{id} is not in {found:?}");
    }
    assert_eq!(found.len(), 36, "{found:#?}");
}

#[test]
fn one_iteration_of_each_is_an_outcome_too() {
    let (outcome, record) = measure(&["--test", "--skip", "embedded", "--skip", "bencher"]);
    outcome.expect_code(101);
    for (id, status, _) in BROKEN.iter().filter(|(id, ..)| !id.starts_with("bencher")) {
        assert_eq!(case_status(&record, &format!("asynchronous::{id}")), *status, "{id}");
    }
    assert_eq!(case_status(&record, "asynchronous::allocates"), "measured");
}

#[test]
fn single_operations_are_timed_from_call_to_completion() {
    measured(|| {
        let results = Results::new();
        let arguments = ["--launches", "1", "--warmup", "10ms", "--max-time", "200ms"];
        let filters = ["yields", "sleeps", "asynchronous::nothing", "bencher::refs"];
        let binary = bench("asynchronous", "asynchronous");
        run(&binary, results.path(), arguments.iter().chain(&filters)).expect_code(0);
        let record = results.latest();
        let p50 = |id: &str| estimate(&record, id, "time_p50").unwrap_or_default();
        // An order of magnitude apart, hence surely several times.
        assert!(p50("yields[500]") > 3.0 * p50("yields[50]"), "{record:#}");
        // The pauses are in it: the clock does not stop while nothing runs.
        let sleep_ns = estimate(&record, "sleeps", "time").unwrap_or_default();
        assert!((2e6..100e6).contains(&sleep_ns), "{sleep_ns}");
        assert!(p50("sleeps") >= 2e6, "{record:#}");
        // The start of a runtime takes a hundred times as long.
        assert!(estimate(&record, "nothing", "time").is_some_and(|ns| ns < 2_000.0), "{record:#}");
        // The pause of making an input is not in it, but what the input counts for is.
        let bytes = estimate(&record, "bencher::refs", "throughput_bytes").unwrap_or_default();
        let time_ns = estimate(&record, "bencher::refs", "time").unwrap_or_default();
        assert!((bytes * time_ns / 1e9 / 64.0 - 1.0).abs() < 0.01, "{bytes} {time_ns}");
    });
}

#[test]
fn allocations_of_an_async_iteration_are_counted_exactly() {
    let (outcome, record) = measure(&["asynchronous::allocates"]);
    outcome.expect_code(0);
    assert_eq!(estimate(&record, "allocates", "allocs"), Some(2.0));
    assert_eq!(estimate(&record, "allocates", "alloc_bytes"), Some(108.0));
    assert_eq!(estimate(&record, "allocates_and_gives_back", "frees"), Some(2.0));
}

#[test]
fn sleeping_uses_no_processor() {
    measured(|| {
        let (_, record) = measure(&["asynchronous::sleeps"]);
        let share = estimate(&record, "sleeps", "cpu_utilisation").unwrap_or(1.0);
        assert!(share < 0.5, "{record:#}");
    });
}

#[test]
fn threads_share_a_structure() {
    let (outcome, record) = measure(&["bencher::shared"]);
    outcome.expect_code(0);
    let items = |id: &str| estimate(&record, id, "throughput_items").unwrap_or_default();
    assert!(items("bencher::shared{t=1}") > 0.0 && items("bencher::shared{t=2}") > 0.0);
    let of_two = |metric: &str| estimate(&record, "bencher::shared{t=2}", metric);
    let each = of_two("throughput_per_thread").unwrap_or_default();
    assert!((items("bencher::shared{t=2}") / each - 2.0).abs() < 0.01, "{record:#}");
    assert!(of_two("cpu").is_some(), "{record:#}");
}

#[test]
fn generated_tests_run_them() {
    let mut command = Command::new(unit_tests("asynchronous"));
    clean(&mut command);
    let outcome = finish(&mut command);
    outcome.expect_code(101);
    for (id, ..) in BROKEN {
        let (module, name) = id.split_once("::").unwrap_or_default();
        let name = name.split('{').next().unwrap_or_default();
        outcome.expect_stdout(&[&format!("test {module}::hub_bench_{name} ... FAILED")]);
    }
    outcome.expect_stdout(&[
        "test hub_bench_current_thread ... ok",
        "test hub_bench_multi_thread ... ok",
        "test hub_bench_awaited_inputs ... ok",
        "test bencher::hub_bench_refs ... ok",
        "test bencher::hub_bench_shared ... ok",
        "test state::hub_bench_asked ... ok",
        "test unruly::hub_bench_leaves_a_blocked_thread ... ok",
    ]);
}

/// Runs the embedding application in one of its ways.
fn embedded(way: &str) -> Value {
    let results = Results::new();
    let mut command = bench_command(&bench("asynchronous", "embedding"), results.path());
    let outcome = finish(command.arg(way));
    outcome.expect_code(0);
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}\n{outcome}"))
}

fn is_foreign(record: &Value, name: &str) -> bool {
    let case = find(record, &format!("asynchronous::embedded::{name}"));
    let notes = case["notes"].as_array().map(Vec::as_slice).unwrap_or_default();
    notes.iter().any(|note| note["code"] == "foreign_runtime")
}

#[test]
fn applications_may_drive_a_runtime_of_their_own() {
    let ways = [
        ("none", false),
        ("entered", false),
        ("multi", false),
        ("multi-task", false),
        ("multi-blocking", false),
        ("multi-local", true),
        ("current", true),
        ("current-local", true),
        ("blocking", false),
        ("multi-isolated", false),
        ("isolated", false),
    ];
    for (way, foreign) in ways {
        let record = embedded(way);
        assert_eq!(cases(&record).len(), 6, "{way}: {record:#}");
        for case in cases(&record) {
            let panics = case["id"] == "asynchronous::embedded::panics";
            let status = if panics { "panicked" } else { "measured" };
            assert_eq!(case["status"], status, "{way}: {case:#}");
        }
        assert_eq!(is_foreign(&record, "current_thread"), foreign, "{way}: {record:#}");
        for name in ["multi_thread", "chosen"] {
            assert!(!is_foreign(&record, name), "{way}: {record:#}");
        }
    }
}

#[test]
fn without_the_feature_the_case_says_which_one_to_switch_on() {
    let results = Results::new();
    let mut command = cargo(&["bench", "-p", "tokioless", "--features", "bench"]);
    command.args(["--profile", "dev", "--bench", "tokioless", "--"]).args(QUICK);
    let outcome = finish(command.env("HUB_BENCH_DIR", results.path()));
    assert_ne!(outcome.code, Some(0), "{outcome}");
    let record = results.latest();
    for case in cases(&record) {
        if case["id"].as_str().is_some_and(|id| id.contains("::plain")) {
            assert_eq!(case["status"], "measured", "{case:#}");
            continue;
        }
        assert_eq!(case["status"], "failed", "{case:#}");
        let message = case["message"].as_str().unwrap_or_default();
        assert!(
            message.contains("bench = [\"bench-sdk/bench\", \"bench-sdk/tokio\"]"),
            "{message}"
        );
    }
    assert_eq!(cases(&record).len(), 9, "{record:#}");
}
