//! Benchmarks of what the hub does once, before its first job.

use bench_sdk::{Bencher, hub_bench};

use crate::classifier::Classifier;
use crate::error::HubError;
use crate::orchestrator::Orchestrator;
use crate::scenario::{PHRASES, classifier, team};

/// Learning the phrases, epoch by epoch.
#[hub_bench(args = [1, 2, 4, 8, 16], tags = ["training", "scaling"], complexity = "n")]
fn learn(b: Bencher, epochs: usize) {
    b.bench(|| Classifier::trained(&PHRASES, epochs, 1));
}

/// Hiring the team. What is not measured can fail, and then the benchmark does.
#[hub_bench]
fn start_up(b: Bencher) -> Result<(), HubError> {
    let classifier = classifier()?;
    b.with_inputs(|| (team(), classifier.clone()))
        .bench_values(|(team, classifier)| Orchestrator::new(team, classifier));
    Ok(())
}
