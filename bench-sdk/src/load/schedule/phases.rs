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
fn planned_at(executor: &Executor, at_ns: u64) -> Option<f64> {
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

/// What is planned on average between two times from the scenario's start, as [`planned_at`] counts
/// it; `None` outside of it.
pub(crate) fn planned_between(executor: &Executor, from_ns: u64, to_ns: u64) -> Option<f64> {
    let (from_ns, to_ns) = (from_ns, to_ns.min(executor.duration_ns()));
    if from_ns >= to_ns {
        return planned_at(executor, from_ns);
    }
    let stages: &[Stage] = match executor {
        Executor::RampingVus { stages, .. } | Executor::RampingArrivalRate { stages, .. } => stages,
        _ => &[],
    };
    // It moves in straight lines from one end of a stage to the next.
    let ends = stages.iter().scan(0_u64, |at_ns, stage| {
        *at_ns += stage.duration_ns;
        Some(*at_ns)
    });
    let inside = ends.filter(|end_ns| (from_ns + 1..to_ns).contains(end_ns));
    let (mut area, mut since_ns) = (0.0, from_ns);
    for until_ns in inside.chain([to_ns]) {
        let length_ns = until_ns - since_ns;
        area += planned_at(executor, since_ns + length_ns / 2)? * length_ns as f64;
        since_ns = until_ns;
    }
    Some(area / (to_ns - from_ns) as f64)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::load::{Arrivals, WhenBusy};

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn an_average_is_of_all_that_lies_between() {
        let stage = |tenths: u64, target| Stage { duration_ns: tenths * SECOND / 10, target };
        // 0 to 100 in 0.6 s, 100 for 6 s, 1,500 for 6 s.
        let spike = Executor::RampingArrivalRate {
            start_rate: 0,
            time_unit_ns: SECOND,
            stages: vec![stage(6, 100), stage(60, 100), stage(0, 1500), stage(60, 1500)],
            pre_allocated_vus: 1,
            max_vus: 1,
            arrivals: Arrivals::Uniform,
            when_busy: WhenBusy::Drop,
        };
        let between = |from: u64, to| planned_between(&spike, from * SECOND, to * SECOND);
        let rounded = |found: Option<f64>| found.map(f64::round);
        assert_eq!(rounded(between(0, 1)), Some(70.0));
        assert_eq!(rounded(between(3, 4)), Some(100.0));
        // 0.6 s at 100 and 0.4 s at 1,500.
        assert_eq!(rounded(between(6, 7)), Some(660.0));
        assert_eq!(rounded(between(7, 8)), Some(1500.0));
        // Only what lies in it counts.
        assert_eq!(rounded(between(12, 13)), Some(1500.0));
        assert_eq!(between(13, 14), None);
    }
}
