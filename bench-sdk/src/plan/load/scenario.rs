//! One scenario with all defaults and all checks; the rules are k6's.

use std::time::Duration;

use super::shape::{Spelling, check_known, derived};
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

/// The scenario of that name; the error says what is wrong with it, in that spelling.
pub(super) fn scenario(
    name: &str,
    options: &LoadOptions,
    spelling: Spelling,
) -> Result<Scenario, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err("its name may have letters, digits, `_` and `-`, and at least one".to_owned());
    }
    if options.exec.as_deref() == Some("") {
        return Err("`exec` is empty; name a load bench or leave it out".to_owned());
    }
    let kind = options.executor.map_or_else(|| derived(options, spelling), Ok)?;
    let options = &written_out(kind, options);
    check_known(kind, options, spelling)?;
    let executor = executor(kind, &Given { options, spelling })?;
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

/// Settings, and how the one who gave them calls them.
struct Given<'a> {
    options: &'a LoadOptions,
    spelling: Spelling,
}

impl Given<'_> {
    fn name(&self, setting: &str) -> String {
        self.spelling.of(setting)
    }
}

fn executor(kind: ExecutorKind, given: &Given<'_>) -> Result<Executor, String> {
    Ok(match kind {
        ExecutorKind::ConstantVus => {
            Executor::ConstantVus { vus: vus(given)?, duration_ns: duration(given)? }
        }
        ExecutorKind::RampingVus => ramping_vus(given)?,
        ExecutorKind::SharedIterations => {
            let (vus, iterations) = (vus(given)?, iterations(given)?);
            if iterations < vus {
                return Err(format!(
                    "the number of iterations ({iterations}) is less than that of virtual users \
                     ({vus}), some of which would have nothing to do"
                ));
            }
            Executor::SharedIterations { vus, iterations, max_duration_ns: max_duration(given)? }
        }
        ExecutorKind::PerVuIterations => Executor::PerVuIterations {
            vus: vus(given)?,
            iterations: iterations(given)?,
            max_duration_ns: max_duration(given)?,
        },
        ExecutorKind::ConstantArrivalRate => constant_rate(given)?,
        ExecutorKind::RampingArrivalRate => ramping_rate(given)?,
    })
}

fn ramping_vus(given: &Given<'_>) -> Result<Executor, String> {
    let start_vus = given.options.start_vus.unwrap_or(1);
    let stages = stages(given)?;
    if start_vus == 0 && stages.iter().all(|stage| stage.target == 0) {
        return Err(no_height(given, "start_vus"));
    }
    let graceful_ramp_down_ns = ns(given.options.graceful_ramp_down.unwrap_or(GRACE));
    Ok(Executor::RampingVus { start_vus, stages, graceful_ramp_down_ns })
}

fn no_height(given: &Given<'_>, start: &str) -> String {
    let (start, stages) = (given.name(start), given.name("stages"));
    format!("{start} or a target of {stages} must be more than 0")
}

fn constant_rate(given: &Given<'_>) -> Result<Executor, String> {
    let rate = given.options.rate.ok_or_else(|| {
        let unit = match given.spelling {
            Spelling::Settings => "in each `time_unit`",
            Spelling::Options => "a second",
        };
        format!("{} is missing: iterations {unit}", given.name("rate"))
    })?;
    let rate = some(given, "rate", rate)?;
    let time_unit_ns = time_unit(given)?;
    let (pre_allocated_vus, max_vus) = users(given, rate, time_unit_ns)?;
    Ok(Executor::ConstantArrivalRate {
        rate,
        time_unit_ns,
        duration_ns: duration(given)?,
        pre_allocated_vus,
        max_vus,
        arrivals: given.options.arrivals.unwrap_or_default(),
        when_busy: given.options.when_busy.unwrap_or_default(),
    })
}

fn ramping_rate(given: &Given<'_>) -> Result<Executor, String> {
    let start_rate = given.options.start_rate.unwrap_or(0);
    let stages = stages(given)?;
    let highest = stages.iter().map(|stage| stage.target).fold(start_rate, u64::max);
    if highest == 0 {
        return Err(no_height(given, "start_rate"));
    }
    let time_unit_ns = time_unit(given)?;
    let (pre_allocated_vus, max_vus) = users(given, highest, time_unit_ns)?;
    Ok(Executor::RampingArrivalRate {
        start_rate,
        time_unit_ns,
        stages,
        pre_allocated_vus,
        max_vus,
        arrivals: given.options.arrivals.unwrap_or_default(),
        when_busy: given.options.when_busy.unwrap_or_default(),
    })
}

/// Virtual users made ready, and those that there may be. Without either, as many as the rate keeps
/// busy where responses take 100 ms, and 10 s at the worst (Little's law).
fn users(given: &Given<'_>, rate: u64, unit_ns: u64) -> Result<(u64, u64), String> {
    let per_second = rate as f64 * 1e9 / unit_ns as f64;
    if per_second > MOST_A_SECOND {
        return Err(format!(
            "{per_second:.0} iterations a second are more than the {MOST_A_SECOND:.0} that there \
             may be"
        ));
    }
    let usual = ((per_second * 0.1).ceil() as u64).clamp(1, 1_000);
    let (ready, most) = match (given.options.pre_allocated_vus, given.options.max_vus) {
        (Some(ready), Some(most)) => (ready, most),
        (Some(ready), None) => (ready, ready),
        (None, Some(most)) => (usual.min(most), most),
        (None, None) => (usual, ((per_second * 10.0).ceil() as u64).clamp(100, 10_000)),
    };
    if most < ready {
        return Err(format!(
            "{} ({most}) is less than {} ({ready}); raise the former",
            given.name("max_vus"),
            given.name("pre_allocated_vus")
        ));
    }
    if most == 0 {
        let (ready, most) = (given.name("pre_allocated_vus"), given.name("max_vus"));
        return Err(format!("{ready} and {most} are 0, so nobody could start"));
    }
    Ok((ready, most))
}

fn vus(given: &Given<'_>) -> Result<u64, String> {
    some(given, "vus", given.options.vus.unwrap_or(1))
}

fn iterations(given: &Given<'_>) -> Result<u64, String> {
    some(given, "iterations", given.options.iterations.unwrap_or(1))
}

fn some(given: &Given<'_>, name: &str, number: u64) -> Result<u64, String> {
    match number {
        0 => Err(format!("{} must be more than 0", given.name(name))),
        number => Ok(number),
    }
}

fn duration(given: &Given<'_>) -> Result<u64, String> {
    let time = given
        .options
        .duration
        .ok_or_else(|| format!("{} is missing: every test has an end", given.name("duration")))?;
    length(given, "duration", time)
}

fn max_duration(given: &Given<'_>) -> Result<u64, String> {
    length(given, "max_duration", given.options.max_duration.unwrap_or(MAX_DURATION))
}

fn time_unit(given: &Given<'_>) -> Result<u64, String> {
    length(given, "time_unit", given.options.time_unit.unwrap_or(TIME_UNIT))
}

fn stages(given: &Given<'_>) -> Result<Vec<Stage>, String> {
    let stages = given.options.stages.clone().unwrap_or_default();
    if stages.is_empty() {
        return Err(match given.spelling {
            Spelling::Settings => "`stages` is missing: at least one, with `duration` and `target`",
            Spelling::Options => "`--stage` is missing: at least one, such as --stage 30s:100",
        }
        .to_owned());
    }
    let whole = stages.iter().fold(0, |sum: u64, stage| sum.saturating_add(stage.duration_ns));
    length(given, "stages", Duration::from_nanos(whole))?;
    Ok(stages)
}

fn length(given: &Given<'_>, name: &str, time: Duration) -> Result<u64, String> {
    if time.is_zero() {
        return Err(format!("{} must last longer than 0", given.name(name)));
    }
    if time > LONGEST {
        let name = given.name(name);
        return Err(format!("{name} is longer than the 30 days that a test may take"));
    }
    Ok(ns(time))
}

fn ns(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
