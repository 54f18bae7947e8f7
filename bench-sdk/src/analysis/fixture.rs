//! An invented record for the tests of this layer.

#![expect(clippy::unwrap_used, reason = "a record that is not one fails the test")]

use crate::record::{CaseRecord, Metric};

/// A measured case without figures.
pub(super) fn case() -> CaseRecord {
    serde_json::from_value(serde_json::json!({
        "id": "a::b", "crate": "a", "group": "", "name": "b", "args": [], "tags": [],
        "source": { "file": "src/lib.rs", "line": 1 },
        "status": "measured", "metrics": {}, "notes": []
    }))
    .unwrap()
}

/// A case with one figure, perhaps with an interval.
pub(super) fn case_with(name: &str, estimate: f64, interval: Option<(f64, f64)>) -> CaseRecord {
    let mut case = case();
    let mut metric = Metric::named(name, estimate).unwrap();
    (metric.low, metric.high) = (interval.map(|ends| ends.0), interval.map(|ends| ends.1));
    case.metrics.insert(name.to_owned(), metric);
    case
}
