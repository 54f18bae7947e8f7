//! Processes of one nextest run make one run.

use std::fs;

use e2e_tests::{Outcome, Results, bench, bench_command, finish, ids};

fn join(results: &Results, key: &str, filter: &str) -> Outcome {
    let mut command = bench_command(&bench("targets", "steady"), results.path());
    finish(command.args(["--test", "--exact", filter]).env("NEXTEST_RUN_ID", key))
}

#[test]
fn processes_with_the_same_run_id_join() {
    let results = Results::new();
    for filter in ["steady::one", "steady::many[10]", "steady::many[1]", "steady::one"] {
        join(&results, "5f0c", filter).expect_code(0);
    }
    assert_eq!(results.runs().len(), 1);
    assert_eq!(ids(&results.latest()), ["steady::many[10]", "steady::many[1]", "steady::one"]);
    join(&results, "5f0d", "steady::one").expect_code(0);
    assert_eq!(results.runs().len(), 2);
    assert_eq!(ids(&results.latest()), ["steady::one"]);
}

#[test]
fn each_process_tells_and_judges_its_own_cases() {
    let results = Results::new();
    let joined = |filters: &[&str]| {
        let mut command = bench_command(&bench("unruly", "unruly"), results.path());
        finish(command.args(["--test", "--exact"]).args(filters).env("NEXTEST_RUN_ID", "one"))
    };
    joined(&["unruly::panics"]).expect_code(101).expect_stdout(&["panics"]);
    // What another process found broken is in the record and not this one's failure.
    let after = joined(&["unruly::behaves"]);
    after.expect_code(0).expect_stdout(&["behaves", "1 tested"]);
    assert!(!after.stdout.contains("panics"), "{after}");
    assert_eq!(ids(&results.latest()), ["unruly::behaves", "unruly::panics"]);
    assert!(after.stdout.contains(results.latest()["run"]["id"].as_str().unwrap()), "{after}");
}

#[test]
fn processes_at_the_same_time_lose_nothing() {
    let results = Results::new();
    let filters = ["steady::one", "steady::many[10]", "steady::many[1]", "steady::with_bytes"];
    std::thread::scope(|scope| {
        for filter in filters {
            scope.spawn(|| join(&results, "together", filter).expect_code(0).code);
        }
    });
    assert_eq!(results.runs().len(), 1);
    assert_eq!(ids(&results.latest()).len(), 4);
}

#[test]
fn a_damaged_run_is_an_error_and_is_left_alone() {
    let results = Results::new();
    join(&results, "cut", "steady::one").expect_code(0);
    let file = results.path().join("runs/latest/run.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    let outcome = join(&results, "cut", "steady::many[1]");
    outcome.expect_code(1).expect_stdout(&["many[1]"]);
    outcome.expect_stderr(&["error: the result was not kept", "run.json", "damaged"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), &text[..text.len() / 2]);
}

#[test]
fn a_run_of_a_newer_version_is_refused_and_left_alone() {
    let results = Results::new();
    join(&results, "newer", "steady::one").expect_code(0);
    let file = results.path().join("runs/latest/run.json");
    let newer = fs::read_to_string(&file).unwrap().replacen("\"schema\": 1", "\"schema\": 99", 1);
    fs::write(&file, &newer).unwrap();
    let outcome = join(&results, "newer", "steady::many[1]");
    outcome.expect_code(1).expect_stderr(&["schema 99", "update bench-sdk"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), newer);
}

#[test]
fn a_run_id_cannot_lead_out_of_the_folder() {
    let results = Results::new();
    join(&results, "../../../escaped", "steady::one").expect_code(0);
    join(&results, &"long".repeat(2000), "steady::one").expect_code(0);
    join(&results, "", "steady::one").expect_code(0);
    assert_eq!(results.runs().len(), 3);
    let beside: Vec<_> = fs::read_dir(results.path()).unwrap().flatten().collect();
    assert!(beside.iter().all(|entry| !entry.file_name().to_string_lossy().contains("escaped")));
}
