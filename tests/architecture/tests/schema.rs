//! `docs/run.schema.json`, the frozen sample and the types of the record agree.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod agreement;

use agreement::{assert_valid_in, read, schema_of};
use bench_sdk::record::{Growth, RunRecord, SCHEMA, Status};
use jsonschema::Validator;
use serde_json::{Value, json};

fn schema() -> Validator {
    schema_of("run")
}

/// A complete record of every status, written once and never changed: files like it exist.
fn sample() -> Value {
    read("samples/run-schema-1.json")
}

#[track_caller]
fn assert_valid(record: &Value) {
    assert_valid_in(&schema(), record);
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

/// Everything that a fit can say.
fn scaling() -> Value {
    let number = json!({ "estimate": 0.1, "low": 0.05, "high": 0.2 });
    json!([
        {
            "id": "a::sort", "kind": "growth", "threads": 2, "ambiguous": false,
            "points": [{ "case": "a::sort[8]", "n": 8.0, "time_ns": 9.5, "low_ns": 9.0, "high_ns": 9.9 }],
            "models": Growth::ALL.map(|growth| json!({
                "growth": growth.name(), "weight": 0.1, "constant_ns": 0.0, "factor_ns": 1.5, "misfit": 0.01,
            })),
            "chosen": "n log n", "complexity": "n", "verdict": "exceeded",
        },
        {
            "id": "a::send", "kind": "threads", "arg": "8", "ambiguous": false, "points": [],
            "law": {
                "lambda": number, "sigma": number, "kappa": number,
                "peak": { "estimate": 9.0, "low": 3.0 }, "level": 0.95, "misfit": 0.02,
            },
        },
        {
            "id": "a::few", "kind": "growth", "ambiguous": false, "points": [],
            "complexity": "1", "verdict": "inconclusive", "reason": "3 sizes",
        },
    ])
}

#[test]
fn fits_are_valid_and_read_back_unchanged() {
    let mut record = sample();
    record["scaling"] = scaling();
    record["cases"][0]["complexity"] = json!("n");
    assert_valid(&record);
    let read: RunRecord = serde_json::from_value(record.clone()).unwrap();
    assert_eq!(read.scaling.len(), 3);
    assert_eq!(serde_json::to_value(&read).unwrap(), record);
    let breaks: [Breaks; 4] = [
        |record| record["scaling"][0]["chosen"] = json!("n^4"),
        |record| record["scaling"][0]["verdict"] = json!("broken"),
        |record| record["scaling"][1]["law"]["sigma"] = json!(0.1),
        |record| drop(record["scaling"][2].as_object_mut().unwrap().remove("complexity")),
    ];
    for (index, breaks) in breaks.iter().enumerate() {
        let mut broken = record.clone();
        breaks(&mut broken);
        assert!(!schema().is_valid(&broken), "{index}");
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
