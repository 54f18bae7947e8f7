//! One scenario with all defaults and all checks; the rules are k6's.

use std::time::Duration;

use super::shape::{check_known, derived};
use crate::record::load::{Executor, ExecutorKind, LoadOptions, Scenario, Stage};

/// k6's defaults.
const GRACE: Duration = Duration::from_secs(30);
const MAX_DURATION: Duration = Duration::from_secs(600);
const TIME_UNIT: Duration = Duration::from_secs(1);
/// No scenario lasts longer.
pub(super) const LONGEST: Duration = Duration::from_secs(30 * 86_400);
/// No scenario starts more iterations a second: beyond, a generator only counts what it drops.
const MOST_A_SECOND: f64 = 10e6;
/// No test has more virtual users.
pub(super) const MOST_VUS: u64 = 1_000_000;

/// The scenario of that name; the error names it and says what is wrong.
pub(super) fn scenario(name: &str, options: &LoadOptions) -> Result<Scenario, String> {
    build(name, options).map_err(|wrong| format!("scenario `{name}`: {wrong}"))
}

fn build(name: &str, options: &LoadOptions) -> Result<Scenario, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err("its name may have letters, digits, `_` and `-`, and at least one".to_owned());
    }
    if options.exec.as_deref() == Some("") {
        return Err("`exec` is empty; name a load bench or leave it out".to_owned());
    }
    let kind = options.executor.map_or_else(|| derived(options), Ok)?;
    let options = &written_out(kind, options);
    check_known(kind, options)?;
    let executor = executor(kind, options)?;
    let most = executor.max_vus();
    if most > MOST_VUS {
        return Err(format!("{most} virtual users are more than the {MOST_VUS} that there may be"));
    }
    Ok(Scenario {
        name: name.to_owned(),
        executor,
        start_time_ns: ns(options.start_time.unwrap_or_default()),
        graceful_stop_ns: ns(options.graceful_stop.unwrap_or(GRACE)),
        exec: options.exec.clone(),
        env: options.env.clone(),
        tags: options.tags.clone(),
        phases: Vec::new(),
    })
}

/// k6's shortcuts as what they stand for: `duration` beside `iterations` is their limit, `vus` beside
/// `stages` are those before the first, and users alone have one iteration each.
fn written_out(kind: ExecutorKind, options: &LoadOptions) -> LoadOptions {
    let mut options = options.clone();
    if options.executor.is_some() {
        return options;
    }
    match kind {
        ExecutorKind::SharedIterations => {
            options.max_duration = options.max_duration.or(options.duration.take());
            options.iterations = options.iterations.or(options.vus);
        }
        ExecutorKind::RampingVus => options.start_vus = options.start_vus.or(options.vus.take()),
        _ => {}
    }
    options
}

fn executor(kind: ExecutorKind, options: &LoadOptions) -> Result<Executor, String> {
    Ok(match kind {
        ExecutorKind::ConstantVus => {
            Executor::ConstantVus { vus: vus(options)?, duration_ns: duration(options)? }
        }
        ExecutorKind::RampingVus => ramping_vus(options)?,
        ExecutorKind::SharedIterations => {
            let (vus, iterations) = (vus(options)?, iterations(options)?);
            if iterations < vus {
                return Err(format!(
                    "the number of iterations ({iterations}) is less than that of virtual users \
                     ({vus}), some of which would have nothing to do"
                ));
            }
            Executor::SharedIterations { vus, iterations, max_duration_ns: max_duration(options)? }
        }
        ExecutorKind::PerVuIterations => Executor::PerVuIterations {
            vus: vus(options)?,
            iterations: iterations(options)?,
            max_duration_ns: max_duration(options)?,
        },
        ExecutorKind::ConstantArrivalRate => constant_rate(options)?,
        ExecutorKind::RampingArrivalRate => ramping_rate(options)?,
    })
}

fn ramping_vus(options: &LoadOptions) -> Result<Executor, String> {
    let start_vus = options.start_vus.unwrap_or(1);
    let stages = stages(options)?;
    if start_vus == 0 && stages.iter().all(|stage| stage.target == 0) {
        return Err("`start_vus` or a target of `stages` must be more than 0".to_owned());
    }
    let graceful_ramp_down_ns = ns(options.graceful_ramp_down.unwrap_or(GRACE));
    Ok(Executor::RampingVus { start_vus, stages, graceful_ramp_down_ns })
}

fn constant_rate(options: &LoadOptions) -> Result<Executor, String> {
    let rate = options.rate.ok_or("`rate` is missing: iterations in each `time_unit`")?;
    if rate == 0 {
        return Err("`rate` must be more than 0".to_owned());
    }
    let time_unit_ns = time_unit(options)?;
    let (pre_allocated_vus, max_vus) = users(options, rate, time_unit_ns)?;
    Ok(Executor::ConstantArrivalRate {
        rate,
        time_unit_ns,
        duration_ns: duration(options)?,
        pre_allocated_vus,
        max_vus,
        arrivals: options.arrivals.unwrap_or_default(),
        when_busy: options.when_busy.unwrap_or_default(),
    })
}

fn ramping_rate(options: &LoadOptions) -> Result<Executor, String> {
    let start_rate = options.start_rate.unwrap_or(0);
    let stages = stages(options)?;
    let highest = stages.iter().map(|stage| stage.target).fold(start_rate, u64::max);
    if highest == 0 {
        return Err("`start_rate` or a target of `stages` must be more than 0".to_owned());
    }
    let time_unit_ns = time_unit(options)?;
    let (pre_allocated_vus, max_vus) = users(options, highest, time_unit_ns)?;
    Ok(Executor::RampingArrivalRate {
        start_rate,
        time_unit_ns,
        stages,
        pre_allocated_vus,
        max_vus,
        arrivals: options.arrivals.unwrap_or_default(),
        when_busy: options.when_busy.unwrap_or_default(),
    })
}

/// Virtual users made ready, and those that there may be. Without either, as many as the rate keeps
/// busy where responses take 100 ms, and 10 s at the worst (Little's law).
fn users(options: &LoadOptions, rate: u64, unit_ns: u64) -> Result<(u64, u64), String> {
    let per_second = rate as f64 * 1e9 / unit_ns as f64;
    if per_second > MOST_A_SECOND {
        return Err(format!(
            "{per_second:.0} iterations a second are more than the {MOST_A_SECOND:.0} that there \
             may be"
        ));
    }
    let usual = ((per_second * 0.1).ceil() as u64).clamp(1, 1_000);
    let (ready, most) = match (options.pre_allocated_vus, options.max_vus) {
        (Some(ready), Some(most)) => (ready, most),
        (Some(ready), None) => (ready, ready),
        (None, Some(most)) => (usual.min(most), most),
        (None, None) => (usual, ((per_second * 10.0).ceil() as u64).clamp(100, 10_000)),
    };
    if most < ready {
        return Err(format!(
            "`max_vus` ({most}) is less than `pre_allocated_vus` ({ready}); raise the former"
        ));
    }
    if most == 0 {
        return Err("`pre_allocated_vus` and `max_vus` are 0, so nobody could start".to_owned());
    }
    Ok((ready, most))
}

fn vus(options: &LoadOptions) -> Result<u64, String> {
    match options.vus.unwrap_or(1) {
        0 => Err("`vus` must be more than 0".to_owned()),
        vus => Ok(vus),
    }
}

fn iterations(options: &LoadOptions) -> Result<u64, String> {
    match options.iterations.unwrap_or(1) {
        0 => Err("`iterations` must be more than 0".to_owned()),
        iterations => Ok(iterations),
    }
}

fn duration(options: &LoadOptions) -> Result<u64, String> {
    let given = options.duration.ok_or("`duration` is missing: every test has an end")?;
    length("duration", given)
}

fn max_duration(options: &LoadOptions) -> Result<u64, String> {
    length("max_duration", options.max_duration.unwrap_or(MAX_DURATION))
}

fn time_unit(options: &LoadOptions) -> Result<u64, String> {
    length("time_unit", options.time_unit.unwrap_or(TIME_UNIT))
}

fn stages(options: &LoadOptions) -> Result<Vec<Stage>, String> {
    let stages = options.stages.clone().unwrap_or_default();
    if stages.is_empty() {
        return Err("`stages` is missing: at least one, with `duration` and `target`".to_owned());
    }
    let whole = stages.iter().fold(0, |sum: u64, stage| sum.saturating_add(stage.duration_ns));
    length("stages", Duration::from_nanos(whole))?;
    Ok(stages)
}

fn length(name: &str, time: Duration) -> Result<u64, String> {
    if time.is_zero() {
        return Err(format!("`{name}` must last longer than 0"));
    }
    if time > LONGEST {
        return Err(format!("`{name}` is longer than the 30 days that a test may take"));
    }
    Ok(ns(time))
}

fn ns(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
