//! What holds for a plan as a whole.

use super::scenario::{LONGEST, MOST_VUS};
use crate::record::load::{Executor, LoadPlan, Stage};

/// Multiplies all lengths of time, except units of rates and graces: these depend on the target.
pub(super) fn scale(plan: &mut LoadPlan, factor: f64) -> Result<(), String> {
    if !(factor.is_finite() && factor > 0.0) {
        return Err(format!("a time scale of {factor} leaves no time; it is a number above 0"));
    }
    plan.time_scale *= factor;
    let longest_ns = LONGEST.as_nanos() as f64;
    let scaled = |ns: &mut u64| *ns = (*ns as f64 * factor).round() as u64;
    // What lasted some time before still does.
    let lasting = |ns: &mut u64| *ns = ((*ns as f64 * factor).round() as u64).max(1);
    let all = |stages: &mut Vec<Stage>| stages.iter_mut().for_each(|s| scaled(&mut s.duration_ns));
    for scenario in &mut plan.scenarios {
        scaled(&mut scenario.start_time_ns);
        match &mut scenario.executor {
            Executor::ConstantVus { duration_ns, .. }
            | Executor::ConstantArrivalRate { duration_ns, .. } => lasting(duration_ns),
            Executor::SharedIterations { max_duration_ns, .. }
            | Executor::PerVuIterations { max_duration_ns, .. } => lasting(max_duration_ns),
            Executor::RampingVus { stages, .. } | Executor::RampingArrivalRate { stages, .. } => {
                all(stages);
            }
        }
        for span in &mut scenario.phases {
            scaled(&mut span.from_ns);
            scaled(&mut span.until_ns);
        }
    }
    if let Some(long) = plan.scenarios.iter().find(|scenario| {
        let ends_ns = scenario.start_time_ns.saturating_add(scenario.executor.duration_ns());
        factor > 1.0 && ends_ns as f64 > longest_ns
    }) {
        return Err(format!(
            "a time scale of {factor} makes scenario `{}` longer than 30 days",
            long.name
        ));
    }
    for threshold in &mut plan.thresholds {
        scaled(&mut threshold.delay_abort_eval_ns);
        threshold.window_ns.iter_mut().for_each(lasting);
    }
    Ok(())
}

/// Refuses more virtual users at a time than there may be, over all scenarios that overlap, and
/// thresholds on phases or scenarios that the plan does not have.
pub(super) fn check_bounds(plan: &LoadPlan) -> Result<(), String> {
    let most = most_users(plan);
    if most > MOST_VUS {
        return Err(format!(
            "scenarios that overlap have {most} virtual users together, more than the {MOST_VUS} \
             that there may be; start some of them later"
        ));
    }
    for threshold in &plan.thresholds {
        let named = threshold.tags.get("scenario");
        let is_known = |name: &String| plan.scenarios.iter().any(|known| known.name == *name);
        if let Some(name) = named.filter(|name| !is_known(name)) {
            let known: Vec<&str> = plan.scenarios.iter().map(|s| s.name.as_str()).collect();
            return Err(format!(
                "the threshold on `{}` looks at a scenario `{name}` that there is not; {}",
                threshold.series_key(),
                super::pointed::suggestion(name, known.iter().copied()),
            ));
        }
    }
    Ok(())
}

/// The most virtual users that there can be at any one time.
fn most_users(plan: &LoadPlan) -> u64 {
    let spans: Vec<(u64, u64, u64)> = plan
        .scenarios
        .iter()
        .map(|scenario| {
            let end = scenario
                .start_time_ns
                .saturating_add(scenario.executor.duration_ns())
                .saturating_add(scenario.graceful_stop_ns);
            (scenario.start_time_ns, end, scenario.executor.max_vus())
        })
        .collect();
    let at = |time: u64| {
        let under_way = spans.iter().filter(|(from, until, _)| *from <= time && time < *until);
        under_way.fold(0, |sum: u64, (_, _, users)| sum.saturating_add(*users))
    };
    spans.iter().map(|(from, ..)| at(*from)).max().unwrap_or(0)
}
