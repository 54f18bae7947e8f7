//! How long the phases of a plan last.

use crate::record::load::{Executor, LoadPlan, Phase, PhaseSpan, Scenario};

/// The named parts of a scenario; where it names none they are told from its stages: a stage that
/// changes nothing is steady.
pub(super) fn spans(scenario: &Scenario) -> Vec<PhaseSpan> {
    if !scenario.phases.is_empty() {
        return scenario.phases.clone();
    }
    let (mut level, stages) = match &scenario.executor {
        Executor::RampingVus { start_vus, stages, .. } => (*start_vus, stages),
        Executor::RampingArrivalRate { start_rate, stages, .. } => (*start_rate, stages),
        other => {
            let until_ns = other.duration_ns();
            return vec![PhaseSpan { phase: Phase::Steady, from_ns: 0, until_ns }];
        }
    };
    let mut from_ns = 0;
    let span = |stage: &crate::record::load::Stage| {
        let phase = if stage.target == level { Phase::Steady } else { Phase::Ramp };
        let until_ns = from_ns + stage.duration_ns;
        let span = PhaseSpan { phase, from_ns, until_ns };
        (from_ns, level) = (until_ns, stage.target);
        span
    };
    stages.iter().map(span).collect()
}

/// For how long, up to that moment of the run, any scenario that counts was in the phase.
pub(super) fn length_ns(plan: &LoadPlan, phase: Phase, only: Option<&str>, now_ns: u64) -> u64 {
    let counted = plan.scenarios.iter().filter(|s| only.is_none_or(|name| s.name == name));
    let mut parts: Vec<(u64, u64)> = counted
        .flat_map(|scenario| {
            let start = scenario.start_time_ns;
            let spans = spans(scenario).into_iter().filter(|span| span.phase == phase);
            spans.map(move |span| (start + span.from_ns, start + span.until_ns))
        })
        .map(|(from, until)| (from.min(now_ns), until.min(now_ns)))
        .collect();
    parts.sort_unstable();
    let (mut sum, mut reached) = (0, 0);
    for (from, until) in parts {
        sum += until.saturating_sub(from.max(reached));
        reached = reached.max(until);
    }
    sum
}
