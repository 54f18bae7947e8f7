//! `run.json` holds what its JSON Schema in `docs/` promises.

use std::path::Path;

use e2e_tests::{QUICK, Results, bench, bench_command, cases, finish, run};
use serde_json::Value;

/// The schema, once it is written.
fn schema() -> Option<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let text = std::fs::read_to_string(root.join("docs/run.schema.json")).ok()?;
    Some(serde_json::from_str(&text).expect("docs/run.schema.json is JSON"))
}

#[track_caller]
fn validate(schema: &Value, record: &Value) {
    let validator = jsonschema::validator_for(schema).expect("it is a schema");
    let errors: Vec<String> = validator
        .iter_errors(record)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// Fails the test unless it is what `docs/comparison.schema.json` promises.
#[track_caller]
pub(crate) fn validate_comparison(record: &Value) {
    let text = include_str!("../../../../docs/comparison.schema.json");
    let schema = serde_json::from_str(text).expect("docs/comparison.schema.json is JSON");
    validate(&schema, record);
}

/// Fails the test unless it is what `docs/run.schema.json` promises.
#[track_caller]
pub(crate) fn validate_run(record: &Value) {
    validate(&schema().expect("docs/run.schema.json is there"), record);
}

/// Records that between them hold every status.
fn records() -> Vec<Value> {
    let mut records = Vec::new();
    let mut keep = |package: &str, target: &str, arguments: &[&str]| {
        let results = Results::new();
        run(&bench(package, target), results.path(), arguments);
        records.push(results.latest());
    };
    keep(
        "unruly",
        "unruly",
        &[&QUICK[..], &["--timeout", "500ms", "--skip", "descriptors"]].concat(),
    );
    keep("unruly", "unruly", &["--test", "--fail-fast", "panics", "aborts"]);
    keep("optimised", "optimised_build", &QUICK);
    keep("optimised", "optimised_growth", &QUICK);
    keep("targets", "steady", &["--sample-count", "3", "--launches", "3"]);
    keep("targets", "matrix", &["--test", "threads", "no_args"]);
    keep("targets", "hostile", &QUICK);
    let results = Results::new();
    let mut command = bench_command(&bench("targets", "linked"), results.path());
    finish(command.args(["--test"]).env("NEXTEST_RUN_ID", "schema"));
    records.push(results.latest());
    records
}

#[test]
fn every_status_and_every_kind_of_run_fits_the_schema() {
    let Some(schema) = schema() else {
        println!("skipped: docs/run.schema.json is not there yet");
        return;
    };
    let records = records();
    let statuses =
        ["measured", "panicked", "failed", "died", "timed_out", "budget_failed", "skipped"];
    for status in statuses {
        let there = records.iter().flat_map(|record| cases(record)).any(|c| c["status"] == status);
        assert!(there, "no case is {status}");
    }
    for record in &records {
        validate(&schema, record);
    }
}

#[test]
fn the_schema_refuses_what_is_not_a_run() {
    let Some(schema) = schema() else { return };
    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), ["--test"]);
    let good = results.latest();
    validate(&schema, &good);
    let validator = jsonschema::validator_for(&schema).expect("docs/run.schema.json is a schema");
    let damages: [fn(&mut Value); 4] = [
        |run| run["schema"] = 2.into(),
        |run| run["cases"][0]["status"] = "fine".into(),
        |run| run["cases"][0]["id"] = Value::Null,
        |run| run["run"]["mode"] = "hasty".into(),
    ];
    for (index, damage) in damages.iter().enumerate() {
        let mut bad = good.clone();
        damage(&mut bad);
        assert!(!validator.is_valid(&bad), "damage {index} passes");
    }
}
