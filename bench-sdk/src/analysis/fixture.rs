//! Launches and records for the tests of this layer.

#![expect(clippy::unwrap_used, reason = "a record that is not one fails the test")]

use crate::bencher::{LaunchSamples, Sample};
use crate::record::{CaseRecord, Metric, Warmup};
use crate::resource::Disturbance;

/// A launch in which every batch took that long an iteration, the first like the others.
pub(super) fn launch(ns: f64) -> LaunchSamples {
    let sample = Sample { iterations: 1_000, elapsed_ns: 1_000.0 * ns, voided: false };
    LaunchSamples {
        first_ns: ns,
        first_voided: false,
        first_faults: None,
        warmup: Warmup { spent_ns: 1e6, settled: true },
        samples: vec![sample; 40],
        latencies_ns: Vec::new(),
        latencies_seen: 0,
        loop_ns: (0.3, 0.6),
        counters: Vec::new(),
        threads: 1,
        foreign_runtime: false,
        usage: Vec::new(),
        absent: Vec::new(),
        allocating_ns: None,
        disturbance: Disturbance::default(),
    }
}

/// A launch for each time.
pub(super) fn launches(ns: &[f64]) -> Vec<LaunchSamples> {
    ns.iter().map(|ns| launch(*ns)).collect()
}

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
