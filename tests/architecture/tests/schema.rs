//! `docs/run.schema.json`, the frozen sample and the types of the record agree.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;

use bench_sdk::record::{RunRecord, SCHEMA, Status};
use jsonschema::Validator;
use serde_json::{Value, json};

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn schema() -> Validator {
    jsonschema::validator_for(&read("../../docs/run.schema.json")).unwrap()
}

/// A complete record of every status, written once and never changed: files like it exist.
fn sample() -> Value {
    read("samples/run-schema-1.json")
}

#[track_caller]
fn assert_valid(record: &Value) {
    let errors: Vec<String> = schema()
        .iter_errors(record)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn the_sample_is_valid() {
    assert_valid(&sample());
}

#[test]
fn the_sample_reads_back_unchanged() {
    let record: RunRecord = serde_json::from_value(sample()).unwrap();
    assert_eq!(record.schema, SCHEMA);
    assert_eq!(serde_json::to_value(&record).unwrap(), sample());
}

#[test]
fn the_sample_has_every_status() {
    let record: RunRecord = serde_json::from_value(sample()).unwrap();
    for status in [
        Status::Measured,
        Status::Panicked,
        Status::Failed,
        Status::Died,
        Status::TimedOut,
        Status::BudgetFailed,
        Status::Skipped,
    ] {
        assert!(record.cases.iter().any(|case| case.status == status), "{status:?}");
    }
}

/// The least that is ever written.
#[test]
fn a_bare_record_is_valid() {
    let mut bare: RunRecord = serde_json::from_value(sample()).unwrap();
    bare.environment = bench_sdk::record::Environment::default();
    bare.cases.truncate(1);
    for case in &mut bare.cases {
        *case = serde_json::from_value(json!({
            "id": "x", "crate": "", "group": "", "name": "x", "args": [], "tags": [],
            "source": { "file": "", "line": 0 }, "status": "skipped", "metrics": {}, "notes": [],
        }))
        .unwrap();
    }
    assert_valid(&serde_json::to_value(&bare).unwrap());
}

#[test]
fn additions_are_welcome() {
    let mut record = sample();
    record["added"] = json!(1);
    record["cases"][0]["added"] = json!({ "by": "a later version" });
    record["cases"][0]["metrics"]["energy_joules"] =
        json!({ "unit": "1", "better": "lower", "estimate": 1.5, "added": true });
    assert_valid(&record);
}

/// Makes one mistake in a record.
type Breaks = fn(&mut Value);

#[test]
fn broken_records_are_refused() {
    let broken: [(&str, Breaks); 9] = [
        ("a later schema", |record| record["schema"] = json!(2)),
        ("no seed", |record| drop(record["run"].as_object_mut().unwrap().remove("seed"))),
        ("an id that is no folder", |record| record["run"]["id"] = json!("../x")),
        ("an unknown status", |record| record["cases"][0]["status"] = json!("fine")),
        ("an estimate in words", |record| {
            record["cases"][0]["metrics"]["time"]["estimate"] = json!("fast");
        }),
        ("half an interval", |record| {
            drop(record["cases"][0]["metrics"]["time"].as_object_mut().unwrap().remove("low"));
        }),
        ("an unknown unit", |record| {
            record["cases"][0]["metrics"]["time"]["unit"] = json!("fortnights");
        }),
        ("a case without notes", |record| {
            drop(record["cases"][0].as_object_mut().unwrap().remove("notes"));
        }),
        ("cases by name", |record| record["cases"] = json!({})),
    ];
    let schema = schema();
    for (what, breaks) in broken {
        let mut record = sample();
        breaks(&mut record);
        assert_ne!(record, sample(), "{what}: the sample has nothing to break");
        assert!(!schema.is_valid(&record), "{what}");
    }
}
