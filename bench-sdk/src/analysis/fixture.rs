//! Launches for tests.

use crate::bencher::{LaunchSamples, Sample};
use crate::record::Warmup;
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
