//! The record of a load test, from what the engine left.

use super::test::LoadTest;
use crate::analysis::load::{judge_generator, why_not_passed};
use crate::load::{ArrivalSchedule, Finished, Target};
use crate::record::load::{
    CheckRecord, ErrorRecord, Executor, GeneratorRecord, LOAD_SCHEMA, LoadRecord, LoadRun,
    Scenario, ScenarioRecord, TargetRecord, ThresholdRecord, Tick,
};
use crate::resource::{Watched, interrupted};

/// What came of a run.
pub(super) struct Ended {
    pub(super) finished: Finished,
    pub(super) thresholds: Vec<ThresholdRecord>,
}

/// Puts the record together.
pub(super) fn assemble<T: Target>(test: &LoadTest<T>, run: LoadRun, ended: &Ended) -> LoadRecord {
    let Ended { finished, thresholds } = ended;
    let threads = test.equipment.threads as u32;
    let verdict =
        judge_generator(&finished.timeline, &finished.totals, threads, test.shares_process);
    let iterations: u64 = finished.noted.scenarios.iter().map(|counts| counts.full).sum();
    let passed =
        finished.aborted.is_none() && why_not_passed(thresholds, &finished.totals).is_none();
    let elapsed_ns = finished.elapsed_ns;
    let metrics = finished.totals.iter();
    LoadRecord {
        schema: LOAD_SCHEMA,
        run: LoadRun {
            duration_ns: elapsed_ns,
            interrupted: interrupted(),
            aborted: finished.aborted.clone(),
            passed,
            ..run
        },
        environment: test.environment.clone(),
        plan: test.plan.clone(),
        scenarios: scenarios(test, finished),
        metrics: metrics.map(|(name, series)| (name.clone(), series.record(elapsed_ns))).collect(),
        thresholds: thresholds.clone(),
        checks: checks(finished),
        errors: errors(finished),
        generator: GeneratorRecord {
            threads,
            cpu_share: verdict.cpu_share,
            cpu_ns_per_iteration: each(sum(&finished.timeline, |t| t.generator_cpu_ns), iterations),
            peak_rss: finished.timeline.iter().filter_map(|tick| tick.generator_rss).max(),
            limited: verdict.limited.is_some(),
            why: verdict.limited,
        },
        target: test
            .equipment
            .watched
            .as_ref()
            .map(|watched| target(watched, &finished.timeline, iterations, elapsed_ns)),
        timeline: finished.timeline.clone(),
        capacity: None,
        recovery: None,
        notes: verdict.notes,
    }
}

fn scenarios<T: Target>(test: &LoadTest<T>, finished: &Finished) -> Vec<ScenarioRecord> {
    let counts = finished.noted.scenarios.iter().zip(&finished.vus_max);
    let each = test.plan.scenarios.iter().zip(counts);
    each.map(|(scenario, (counts, vus_max))| ScenarioRecord {
        name: scenario.name.clone(),
        planned: planned(scenario),
        full: counts.full,
        failed: counts.failed,
        interrupted: counts.interrupted,
        dropped: counts.dropped,
        vus_max: *vus_max,
    })
    .collect()
}

/// Iterations that a scenario plans, where that is known.
fn planned(scenario: &Scenario) -> Option<u64> {
    match &scenario.executor {
        Executor::SharedIterations { iterations, .. } => Some(*iterations),
        Executor::PerVuIterations { vus, iterations, .. } => Some(vus.saturating_mul(*iterations)),
        executor => ArrivalSchedule::new(executor, 0)?.count(),
    }
}

fn checks(finished: &Finished) -> Vec<CheckRecord> {
    let each = finished.noted.checks.iter();
    each.map(|(name, (passes, fails))| CheckRecord {
        name: name.clone(),
        passes: *passes,
        fails: *fails,
    })
    .collect()
}

fn errors(finished: &Finished) -> Vec<ErrorRecord> {
    let each = finished.noted.errors.iter();
    let mut errors: Vec<ErrorRecord> = each
        .map(|(kind, (count, example))| ErrorRecord {
            kind: kind.clone(),
            count: *count,
            example: example.clone(),
        })
        .collect();
    errors
        .sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.kind.cmp(&other.kind)));
    errors
}

/// What was seen of the target.
pub(super) fn target(
    watched: &Watched,
    timeline: &[Tick],
    iterations: u64,
    elapsed_ns: u64,
) -> TargetRecord {
    let cpu_ns = sum(timeline, |tick| tick.target_cpu_ns);
    let processors = cpu_ns.filter(|_| elapsed_ns > 0).map(|ns| ns as f64 / elapsed_ns as f64);
    TargetRecord {
        watched: watched.to_string(),
        processors,
        cpu_ns_per_iteration: each(cpu_ns, iterations),
        peak_rss: timeline.iter().filter_map(|tick| tick.target_rss).max(),
        max_descriptors: timeline.iter().filter_map(|tick| tick.target_descriptors).max(),
        absent: watched.reason().into_iter().collect(),
    }
}

/// The sum over all ticks that know it; `None` where none does.
fn sum(timeline: &[Tick], of: impl Fn(&Tick) -> Option<u64>) -> Option<u64> {
    timeline.iter().filter_map(of).fold(None, |sum, more| Some(sum.unwrap_or(0) + more))
}

fn each(sum: Option<u64>, iterations: u64) -> Option<f64> {
    sum.filter(|_| iterations > 0).map(|sum| sum as f64 / iterations as f64)
}
