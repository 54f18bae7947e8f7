//! Comparisons that were kept: `comparison.json` in a run folder, with or without a run beside it.

use std::path::Path;

use serde_json::Value;

use super::error::StoreError;
use super::files::{is_nothing, read};
use super::runs::RunStore;
use crate::record::{COMPARISON_SCHEMA, ComparisonRecord};

impl RunStore {
    /// The comparison in the run folder of that name; `None` where there is none.
    pub(crate) fn comparison(&self, id: &str) -> Result<Option<ComparisonRecord>, StoreError> {
        let path = self.runs().join(id).join("comparison.json");
        match read(&path) {
            Ok(bytes) => parse(&path, &bytes).map(Some),
            Err(error) if is_nothing(&error) => Ok(None),
            Err(error) => Err(StoreError::io(&path, "read")(error)),
        }
    }
}

/// The schema number comes first: a newer layout is refused, not guessed at.
fn parse(path: &Path, bytes: &[u8]) -> Result<ComparisonRecord, StoreError> {
    let unusable = |why: String| StoreError::Comparison { path: path.to_owned(), why };
    let damaged = |error: serde_json::Error| unusable(format!("is damaged: {error}"));
    let value: Value = serde_json::from_slice(bytes).map_err(damaged)?;
    match value["schema"].as_u64() {
        None => Err(unusable("has no schema number".to_owned())),
        Some(schema) if schema > u64::from(COMPARISON_SCHEMA) => Err(unusable(format!(
            "has schema {schema}, this version reads up to {COMPARISON_SCHEMA}; update bench-sdk"
        ))),
        Some(_) => serde_json::from_value(value).map_err(damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told() {
        for (text, why) in [
            (r#"{"schema": 2, "what": "ever"}"#, "comparison.json has schema 2"),
            (r#"{"what": "ever"}"#, "has no schema number"),
            (r#"{"schema": 1, "method":"#, "comparison.json is damaged: EOF"),
        ] {
            let read = parse(Path::new("comparison.json"), text.as_bytes());
            assert!(read.is_err_and(|error| error.message().contains(why)), "{text}");
        }
    }
}
