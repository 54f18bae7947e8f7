//! Whatever a bench does costs one case and not the run.

use std::time::{Duration, Instant};

use e2e_tests::{
    QUICK, Results, bench, bench_command, case_status, cases, find, finish, ids, processes_with,
    run, until,
};

/// Every bench of the fixture that does not disturb the channel, with what must become of it.
const STATUSES: [(&str, &str); 16] = [
    ("unruly::aborts", "died"),
    ("unruly::also_behaves", "measured"),
    ("unruly::behaves", "measured"),
    ("unruly::descriptors::closes_its_output", "measured"),
    ("unruly::descriptors::forges_on_the_usual_streams", "measured"),
    ("unruly::descriptors::leaves_a_child", "measured"),
    ("unruly::descriptors::leaves_a_child_and_dies", "died"),
    ("unruly::descriptors::prints_a_lot", "measured"),
    ("unruly::descriptors::reads_standard_input", "measured"),
    ("unruly::exits", "died"),
    ("unruly::hangs", "timed_out"),
    ("unruly::may_return_err", "measured"),
    ("unruly::overflows_the_stack", "died"),
    ("unruly::panics", "panicked"),
    ("unruly::panics_with_a_number", "panicked"),
    ("unruly::returns_err", "failed"),
];

/// What these do to the descriptors of their process is a matter of its own, below.
const WITHOUT: [&str; 4] = ["--skip", "forges_on_all_descriptors", "--skip", "closes_everything"];

fn run_all(extra: &[&str]) -> Results {
    let results = Results::new();
    let mut command = bench_command(&bench("unruly", "unruly"), results.path());
    let started = Instant::now();
    let outcome = finish(command.args(WITHOUT).args(extra).env("LINGER", "50"));
    outcome.expect_code(101);
    // The children that outlive their bench hold its pipes for 50 s; nobody waits for them.
    assert!(started.elapsed() < Duration::from_secs(40), "{outcome}");
    for (id, status) in STATUSES {
        if status != "measured" {
            let words = status.replace('_', " ");
            let line = format!("{words}  {id}");
            assert!(outcome.stdout.contains(&line), "`{line}` is not told\n{outcome}");
        }
    }
    results
}

#[test]
fn every_way_to_misbehave_costs_one_case_when_measuring() {
    for seed in ["1", "2"] {
        let results = run_all(&[&QUICK[..], &["--timeout", "700ms", "--seed", seed]].concat());
        let record = results.latest();
        for (id, status) in STATUSES {
            assert_eq!(case_status(&record, id), status, "{:#}", find(&record, id));
        }
        assert_eq!(case_status(&record, "unruly::never_benches"), "failed");
        assert_eq!(cases(&record).len(), STATUSES.len() + 1);
    }
}

#[test]
fn every_way_to_misbehave_costs_one_case_in_test_mode() {
    let record = run_all(&["--test", "--timeout", "700ms"]).latest();
    for (id, status) in STATUSES {
        assert_eq!(case_status(&record, id), status, "{:#}", find(&record, id));
    }
    assert_eq!(record["run"]["mode"], "test");
}

#[test]
fn a_bench_that_never_measures_fails_in_test_mode_too() {
    let results = Results::new();
    run(&bench("unruly", "unruly"), results.path(), ["--test", "never_benches"]).expect_code(101);
    assert_eq!(case_status(&results.latest(), "unruly::never_benches"), "failed");
}

#[test]
fn messages_name_the_cause_and_keep_the_last_words() {
    let results = Results::new();
    let filters = ["aborts", "exits", "hangs", "panics", "returns_err", "overflows"];
    let arguments = QUICK.iter().chain(&["--timeout", "300ms"]).chain(&filters);
    run(&bench("unruly", "unruly"), results.path(), arguments).expect_code(101);
    let record = results.latest();
    let message = |id: &str| find(&record, id)["message"].as_str().unwrap_or_default().to_owned();
    assert!(message("unruly::aborts").contains("SIGABRT"));
    assert_eq!(find(&record, "unruly::aborts")["output"], "last words\n");
    assert!(message("unruly::exits").contains("exit code 0"));
    assert!(message("unruly::hangs").contains("300ms"));
    assert!(message("unruly::panics").contains("a panic of the benchmark"));
    assert!(message("unruly::returns_err").contains("the returned error"));
    let overflow = find(&record, "unruly::overflows_the_stack");
    assert!(overflow["output"].as_str().is_some_and(|o| o.contains("overflowed its stack")));
    assert_eq!(find(&record, "unruly::panics")["metrics"], serde_json::json!({}));
}

/// A message forged on the worker's own channel may cost the bench that forges it, but what the
/// other cases are said to have done must be their own doing.
#[test]
fn forged_messages_are_not_taken_for_outcomes_of_other_cases() {
    for seed in ["1", "2", "3", "4"] {
        let results = Results::new();
        let filters = ["forges", "returns_err", "panics", "unruly::behaves"];
        let arguments = QUICK.into_iter().chain(["--seed", seed]).chain(filters);
        run(&bench("unruly", "unruly"), results.path(), arguments).expect_code(101);
        let record = results.latest();
        let expected = STATUSES.iter().filter(|(id, _)| ids(&record).iter().any(|i| i == id));
        for (id, status) in expected {
            assert_eq!(case_status(&record, id), *status, "seed {seed}: {:#}", find(&record, id));
        }
        let forger = find(&record, "unruly::descriptors::forges_on_all_descriptors");
        assert_ne!(forger["message"], "forged", "seed {seed}");
    }
}

#[test]
fn a_bench_that_closes_every_descriptor_costs_one_case() {
    for seed in ["1", "2", "3"] {
        let results = Results::new();
        let filters = ["closes_everything", "unruly::behaves", "also_behaves", "may_return"];
        let arguments = QUICK.into_iter().chain(["--seed", seed]).chain(filters);
        run(&bench("unruly", "unruly"), results.path(), arguments).expect_code(101);
        let record = results.latest();
        for id in ["unruly::behaves", "unruly::also_behaves", "unruly::may_return_err"] {
            assert_eq!(case_status(&record, id), "measured", "{:#}", find(&record, id));
        }
        let closer = case_status(&record, "unruly::descriptors::closes_everything");
        assert!(["died", "failed"].contains(&closer), "{closer}");
    }
}

#[test]
fn children_of_benches_do_not_outlive_the_run() {
    let marker = format!("46.{}", std::process::id());
    for launches in ["1", "2"] {
        let results = Results::new();
        let mut command = bench_command(&bench("unruly", "unruly"), results.path());
        command.args(["--sample-count", "3", "--launches", launches, "--exact"]);
        command.arg("unruly::descriptors::leaves_a_child").env("LINGER", &marker);
        finish(&mut command).expect_code(0);
        let gone = until(Duration::from_secs(2), || processes_with(&marker).is_empty());
        assert!(gone, "{launches} launches leave {:?}", processes_with(&marker));
    }
}

#[test]
fn fail_fast_stops_at_the_first_broken_case() {
    let results = Results::new();
    let arguments = ["--test", "--fail-fast", "panics", "returns_err", "aborts"];
    run(&bench("unruly", "unruly"), results.path(), arguments).expect_code(101);
    let record = results.latest();
    let with = |status: &str| cases(&record).iter().filter(|c| c["status"] == status).count();
    assert_eq!(with("skipped"), 3, "{record:#}");
    assert_eq!(cases(&record).len(), 4);
}

#[test]
fn nocapture_lets_benches_print_and_the_default_keeps_them_quiet() {
    let results = Results::new();
    let binary = bench("unruly", "unruly");
    let loud = run(&binary, results.path(), ["--test", "--nocapture", "prints_a_lot"]);
    loud.expect_code(0).expect_stdout(&["xxxxxxxxxx"]).expect_stderr(&["yyyyyyyyyy"]);
    let quiet = run(&binary, results.path(), ["--test", "prints_a_lot"]);
    quiet.expect_code(0);
    assert!(!quiet.to_string().contains("xxxxxxxxxx"), "{quiet}");
}
