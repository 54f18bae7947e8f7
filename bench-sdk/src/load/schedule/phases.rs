//! What a scenario is about at an instant.

use crate::record::load::{Executor, Phase, Scenario, Stage};

/// The phase at that time from the scenario's start: one that it names, else ramp where the load is
/// rising or falling and steady elsewhere.
pub(crate) fn phase_at(scenario: &Scenario, at_ns: u64) -> Phase {
    let named = scenario.phases.iter().find(|span| (span.from_ns..span.until_ns).contains(&at_ns));
    if let Some(span) = named {
        return span.phase;
    }
    let (start, stages) = match &scenario.executor {
        Executor::RampingVus { start_vus, stages, .. } => (*start_vus, stages),
        Executor::RampingArrivalRate { start_rate, stages, .. } => (*start_rate, stages),
        _ => return Phase::Steady,
    };
    match stage_at(start, stages, at_ns) {
        Some((from, stage, _)) if from != stage.target => Phase::Ramp,
        _ => Phase::Steady,
    }
}

/// What is planned at that time from the scenario's start: iterations a second in open scenarios,
/// virtual users in others; `None` outside of it.
pub(crate) fn planned_at(executor: &Executor, at_ns: u64) -> Option<f64> {
    if at_ns > executor.duration_ns() {
        return None;
    }
    let between = |start: u64, stages: &[Stage]| match stage_at(start, stages, at_ns) {
        Some((from, stage, into_ns)) => {
            let part = into_ns as f64 / stage.duration_ns as f64;
            from as f64 + (stage.target as f64 - from as f64) * part
        }
        None => stages.last().map_or(start, |stage| stage.target) as f64,
    };
    let a_second = |rate: f64, unit_ns: u64| rate * 1e9 / unit_ns.max(1) as f64;
    Some(match executor {
        Executor::ConstantVus { vus, .. }
        | Executor::SharedIterations { vus, .. }
        | Executor::PerVuIterations { vus, .. } => *vus as f64,
        Executor::RampingVus { start_vus, stages, .. } => between(*start_vus, stages).floor(),
        Executor::ConstantArrivalRate { rate, time_unit_ns, .. } => {
            a_second(*rate as f64, *time_unit_ns)
        }
        Executor::RampingArrivalRate { start_rate, time_unit_ns, stages, .. } => {
            a_second(between(*start_rate, stages), *time_unit_ns)
        }
    })
}

/// The stage at that time, where it started from, and how long it has lasted.
fn stage_at(start: u64, stages: &[Stage], at_ns: u64) -> Option<(u64, Stage, u64)> {
    let (mut from, mut begins_ns) = (start, 0_u64);
    for stage in stages {
        let ends_ns = begins_ns + stage.duration_ns;
        if at_ns < ends_ns {
            return Some((from, *stage, at_ns - begins_ns));
        }
        (from, begins_ns) = (stage.target, ends_ns);
    }
    None
}
