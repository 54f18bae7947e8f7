//! A schema under `docs/`, and a frozen sample, held against each other.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;

/// A JSON file, from this package's folder.
pub(crate) fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The schema of that name.
pub(crate) fn schema_of(name: &str) -> Validator {
    jsonschema::validator_for(&read(&format!("../../docs/{name}.schema.json"))).unwrap()
}

/// Fails with all that the schema finds wrong.
#[track_caller]
pub(crate) fn assert_valid_in(schema: &Validator, record: &Value) {
    let errors: Vec<String> = schema
        .iter_errors(record)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
