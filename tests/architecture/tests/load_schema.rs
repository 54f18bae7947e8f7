//! `docs/load.schema.json`, the frozen sample and the types of the record agree.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod agreement;

use agreement::{assert_valid_in, read, schema_of};
use bench_sdk::record::load::{Executor, LOAD_SCHEMA, LoadRecord, MetricKind};
use jsonschema::Validator;
use serde_json::{Value, json};

fn schema() -> Validator {
    schema_of("load")
}

/// A complete record of every executor, written once and never changed: files like it exist.
fn sample() -> Value {
    read("samples/load-schema-1.json")
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
    let record: LoadRecord = serde_json::from_value(sample()).unwrap();
    assert_eq!(record.schema, LOAD_SCHEMA);
    assert_eq!(serde_json::to_value(&record).unwrap(), sample());
}

#[test]
fn the_sample_has_every_executor_and_kind() {
    let record: LoadRecord = serde_json::from_value(sample()).unwrap();
    let executors: Vec<&str> =
        record.plan.scenarios.iter().map(|scenario| Executor::name(&scenario.executor)).collect();
    assert_eq!(
        executors,
        [
            "constant-vus",
            "ramping-vus",
            "shared-iterations",
            "per-vu-iterations",
            "constant-arrival-rate",
            "ramping-arrival-rate"
        ]
    );
    for kind in [MetricKind::Counter, MetricKind::Gauge, MetricKind::Rate, MetricKind::Trend] {
        assert!(record.metrics.values().any(|metric| metric.kind == kind), "{kind:?}");
    }
}

/// The least that is ever written.
#[test]
fn a_bare_record_is_valid() {
    let mut bare: LoadRecord = serde_json::from_value(sample()).unwrap();
    bare.environment = bench_sdk::record::Environment::default();
    bare.plan.scenarios.truncate(1);
    bare.plan.thresholds.clear();
    (bare.target, bare.capacity, bare.recovery, bare.run.aborted) = (None, None, None, None);
    bare.metrics.clear();
    bare.thresholds.clear();
    bare.timeline.clear();
    bare.scenarios.clear();
    bare.checks.clear();
    bare.errors.clear();
    bare.notes.clear();
    (bare.generator.cpu_share, bare.generator.why) = (None, None);
    assert_valid(&serde_json::to_value(&bare).unwrap());
}

#[test]
fn additions_are_welcome() {
    let mut record = sample();
    record["added"] = json!(1);
    record["timeline"][0]["added"] = json!({ "by": "a later version" });
    record["plan"]["scenarios"][0]["added"] = json!(true);
    assert_valid(&record);
    assert!(serde_json::from_value::<LoadRecord>(record).is_ok());
}

/// Makes one mistake in a record.
type Breaks = fn(&mut Value);

#[test]
fn broken_records_are_refused() {
    let broken: [(&str, Breaks); 10] = [
        ("a later schema", |record| record["schema"] = json!(2)),
        ("no seed", |record| drop(record["plan"].as_object_mut().unwrap().remove("seed"))),
        ("an id that is no folder", |record| record["run"]["id"] = json!("../x")),
        ("an unknown kind", |record| record["run"]["kind"] = json!("soak")),
        ("an unknown executor", |record| {
            record["plan"]["scenarios"][0]["executor"] = json!("externally-controlled");
        }),
        ("an executor without its figures", |record| {
            drop(record["plan"]["scenarios"][4].as_object_mut().unwrap().remove("rate"));
        }),
        ("no scenarios", |record| record["plan"]["scenarios"] = json!([])),
        ("an unknown operator", |record| record["plan"]["thresholds"][0]["operator"] = json!("~")),
        ("half a range", |record| record["metrics"]["vus"]["range"] = json!([1.0])),
        ("a percentile in words", |record| {
            record["metrics"]["http_req_duration"]["trend"]["p95"] = json!("> 138 ms");
        }),
    ];
    let schema = schema();
    for (what, breaks) in broken {
        let mut record = sample();
        breaks(&mut record);
        assert_ne!(record, sample(), "{what}: the sample has nothing to break");
        assert!(!schema.is_valid(&record), "{what}");
    }
}
