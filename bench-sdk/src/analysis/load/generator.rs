//! Whether the side that makes the load was the limit.

use super::judge::all_failed;
use crate::record::Note;
use crate::record::load::{Builtin, Tick};
use crate::record::units;
use crate::stats::{Metrics, Quantile, Series, median};

/// What is known of the generator.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct GeneratorVerdict {
    /// Why it was the limit, where it was: nothing can then be said of the target's capacity.
    pub(crate) limited: Option<String>,
    /// Processor time it used, as a share of what its threads could have used.
    pub(crate) cpu_share: Option<f64>,
    /// What to be careful with.
    pub(crate) notes: Vec<Note>,
}

/// Iterations that start later than this are late whatever the target does.
const LATE_NS: f64 = 10e6;
/// Lateness above this share of the median response changes what is measured.
const LATE_SHARE: f64 = 0.1;
/// From here on processors have no time left.
const SATURATED: f64 = 0.95;
/// Shortest course in which growth can be told.
const MIN_TICKS: usize = 6;
/// How much later the last third must be than the first.
const GROWTH: f64 = 1.5;

/// Judges it by the ticks of a run. `shares_process` says that the target runs inside of the
/// generator's process, so that its processor time is not the generator's own.
pub(crate) fn judge_generator(
    ticks: &[Tick],
    totals: &Metrics,
    threads: u32,
    shares_process: bool,
) -> GeneratorVerdict {
    let cpu_share = cpu_share(ticks, threads);
    let response = quantile(totals, Builtin::Response, 0.5);
    let lateness = quantile(totals, Builtin::Lateness, 0.99);
    let bound = LATE_NS.max(response.unwrap_or(0.0) * LATE_SHARE);
    let limited = growing(ticks, bound)
        .or_else(|| if shares_process { None } else { saturated(ticks, threads) })
        // Where all that was tried failed, that is what the run shows, however busy it was with it.
        .filter(|_| {
            let failed = [Builtin::HttpReqFailed, Builtin::IterationFailed];
            failed.into_iter().all(|metric| all_failed(totals, metric).is_none())
        });
    let mut notes = Vec::new();
    if let (Some(late), Some(response)) = (lateness, response)
        && late > response * LATE_SHARE
    {
        notes.push(Note::warning(
            "generator_late",
            format!(
                "1 % of the iterations started {} late or later, more than a tenth of the median \
                 response of {}",
                units::time(late, None),
                units::time(response, None)
            ),
        ));
    }
    if let Some(why) = &limited {
        notes.push(Note::warning(
            "generator_limited",
            format!("the generator was the limit, not the target: {why}"),
        ));
    }
    GeneratorVerdict { limited, cpu_share, notes }
}

fn quantile(totals: &Metrics, metric: Builtin, q: f64) -> Option<f64> {
    match totals.get(metric.name())? {
        Series::Trend { values, .. } => {
            values.quantile(q).and_then(Quantile::known).map(|v| v as f64)
        }
        _ => None,
    }
}

/// Whether lateness is beyond its bound, and grows or stays there.
fn growing(ticks: &[Tick], bound: f64) -> Option<String> {
    let late: Vec<f64> = ticks.iter().filter_map(|tick| tick.lateness_p99_ns).collect();
    if late.len() < MIN_TICKS {
        return None;
    }
    let third = late.len() / 3;
    let (first, last) = (median(&late[..third])?, median(&late[late.len() - third..])?);
    let shown = units::time(last, None);
    if last > bound && last > first * GROWTH {
        let before = units::time(first, None);
        return Some(format!(
            "iterations started ever later, at first {before} and at last {shown}"
        ));
    }
    let all = median(&late)?;
    (all > bound).then(|| {
        let all = units::time(all, None);
        format!("1 % of the iterations started {all} late or later for most of the run")
    })
}

/// Whether its processors had no time left for most of the run.
fn saturated(ticks: &[Tick], threads: u32) -> Option<String> {
    let shares: Vec<f64> = ticks.iter().filter_map(|tick| share(tick, threads)).collect();
    if shares.len() < 2 {
        return None;
    }
    let usual = median(&shares)?;
    (usual >= SATURATED).then(|| {
        let threads = if threads == 1 { "thread".to_owned() } else { format!("{threads} threads") };
        format!("its {threads} used {} of their processor time", units::percent(usual))
    })
}

fn share(tick: &Tick, threads: u32) -> Option<f64> {
    let could = tick.length_ns as f64 * f64::from(threads.max(1));
    (could > 0.0).then(|| tick.generator_cpu_ns.map(|used| used as f64 / could))?
}

fn cpu_share(ticks: &[Tick], threads: u32) -> Option<f64> {
    let known = ticks.iter().filter(|tick| tick.generator_cpu_ns.is_some());
    let (used, could) = known.fold((0.0, 0.0), |(used, could), tick| {
        let cpu = tick.generator_cpu_ns.unwrap_or(0) as f64;
        (used + cpu, could + tick.length_ns as f64 * f64::from(threads.max(1)))
    });
    (could > 0.0).then(|| used / could)
}
