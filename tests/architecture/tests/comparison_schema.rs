//! `docs/comparison.schema.json`, the frozen sample and the types of the record agree.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod agreement;

use agreement::{assert_valid_in, read, schema_of};
use bench_sdk::record::{
    COMPARISON_SCHEMA, ComparisonRecord, Method, Rules, SideRecord, ThresholdVerdict, Verdict,
};
use jsonschema::Validator;
use serde_json::{Value, json};

fn schema() -> Validator {
    schema_of("comparison")
}

/// A record with every verdict, written once and never changed: files like it exist.
fn sample() -> Value {
    read("samples/comparison-schema-1.json")
}

#[track_caller]
fn assert_valid(record: &Value) {
    assert_valid_in(&schema(), record);
}

#[test]
fn the_sample_is_valid_and_reads_back_unchanged() {
    assert_valid(&sample());
    let record: ComparisonRecord = serde_json::from_value(sample()).unwrap();
    assert_eq!(record.schema, COMPARISON_SCHEMA);
    assert_eq!(serde_json::to_value(&record).unwrap(), sample());
}

#[test]
fn the_sample_has_every_verdict() {
    let record: ComparisonRecord = serde_json::from_value(sample()).unwrap();
    for verdict in [
        Verdict::Regressed,
        Verdict::Improved,
        Verdict::Equivalent,
        Verdict::Inconclusive,
        Verdict::NotComparable,
    ] {
        assert!(record.comparisons.iter().any(|c| c.verdict == verdict), "{verdict:?}");
    }
    for threshold in [
        ThresholdVerdict::Over,
        ThresholdVerdict::Under,
        ThresholdVerdict::ProbablyOver,
        ThresholdVerdict::ProbablyUnder,
    ] {
        assert!(record.comparisons.iter().any(|c| c.threshold == Some(threshold)), "{threshold:?}");
    }
}

/// The least that is ever written.
#[test]
fn a_bare_record_is_valid() {
    let bare = ComparisonRecord {
        schema: COMPARISON_SCHEMA,
        method: Method::Unpaired,
        baseline: SideRecord::default(),
        candidate: SideRecord::default(),
        rules: Rules::default(),
        duration_ns: 0,
        comparisons: Vec::new(),
        only_in_baseline: Vec::new(),
        only_in_candidate: Vec::new(),
        broken: Vec::new(),
        interrupted: false,
        notes: Vec::new(),
    };
    assert_valid(&serde_json::to_value(&bare).unwrap());
}

#[test]
fn additions_are_welcome() {
    let mut record = sample();
    record["added"] = json!(1);
    record["comparisons"][0]["added"] = json!({ "by": "a later version" });
    assert_valid(&record);
    assert!(serde_json::from_value::<ComparisonRecord>(record).is_ok());
}

/// Makes one mistake in a record.
type Breaks = fn(&mut Value);

#[test]
fn broken_records_are_refused() {
    let broken: [(&str, Breaks); 9] = [
        ("a later schema", |record| record["schema"] = json!(2)),
        ("an unknown method", |record| record["method"] = json!("guessed")),
        ("an unknown verdict", |record| record["comparisons"][0]["verdict"] = json!("fine")),
        ("an unknown threshold", |record| record["comparisons"][0]["threshold"] = json!("near")),
        ("a bare ratio", |record| record["comparisons"][0]["ratio"] = json!(1.03)),
        ("half an interval", |record| {
            drop(record["comparisons"][0]["ratio"].as_object_mut().unwrap().remove("low"));
        }),
        ("no evidence", |record| {
            drop(record["comparisons"][0].as_object_mut().unwrap().remove("evidence"));
        }),
        ("no rules", |record| drop(record.as_object_mut().unwrap().remove("rules"))),
        ("a side without a name", |record| record["baseline"] = json!({})),
    ];
    let schema = schema();
    for (what, breaks) in broken {
        let mut record = sample();
        breaks(&mut record);
        assert_ne!(record, sample(), "{what}: the sample has nothing to break");
        assert!(!schema.is_valid(&record), "{what}");
    }
}
