//! How long a target takes to come back after a spike.

use super::phases::spans;
use crate::record::load::{Builtin, LoadPlan, Phase, Recovery, Tick};
use crate::record::units;
use crate::stats::{Metrics, Quantile, Series, median, order_interval, sorted};

/// Ticks before the spike without which nothing can be compared.
const MIN_BEFORE: usize = 5;
/// Level of the interval before the spike.
const LEVEL: f64 = 0.99;
/// Ticks that must be back, by their median, before it counts: one lucky second is no recovery.
const LASTING: usize = 5;

/// How the target came back after the spike of the plan; `None` where it has none.
///
/// Before the spike, the 95th percentile of each tick is taken, and the order-statistics interval
/// of their median. The target is back with the first tick that is not above the interval's upper
/// end and after which the median of five ticks is not either. A tick in which nothing ended is
/// above everything.
pub(crate) fn recovery(plan: &LoadPlan, ticks: &[Tick], totals: &Metrics) -> Option<Recovery> {
    let (start_ns, end_ns) = spike(plan)?;
    let p95 = |tick: &Tick| tick.p95_ns.unwrap_or(f64::INFINITY);
    let spike_p95_ns = spike_p95(ticks, totals, start_ns, end_ns);
    let steady = steady_start(plan).unwrap_or(0);
    let is_before = |tick: &&Tick| {
        tick.at_ns - tick.length_ns.min(tick.at_ns) >= steady && tick.at_ns <= start_ns
    };
    let before: Vec<f64> = ticks.iter().filter(is_before).filter_map(|tick| tick.p95_ns).collect();
    let before = sorted(&before);
    let interval = order_interval(&before, LEVEL).filter(|_| before.len() >= MIN_BEFORE);
    let (Some(interval), Some(middle)) = (interval, median(&before)) else {
        return Some(Recovery {
            recovered_after_ns: None,
            before_p95_ns: None,
            spike_p95_ns,
            words: format!(
                "{} seconds with answers before the spike are too few to say when the target was \
                 back; make its steady phase longer",
                before.len()
            ),
        });
    };
    let after: Vec<&Tick> = ticks.iter().filter(|tick| tick.at_ns > end_ns).collect();
    let values: Vec<f64> = after.iter().map(|tick| p95(tick)).collect();
    let back = (0..values.len()).find(|&at| {
        let window = &values[at..values.len().min(at + LASTING)];
        values[at] <= interval.high && middle_of(window) <= interval.high
    });
    let recovered_after_ns =
        back.map(|at| after[at].at_ns.saturating_sub(after[at].length_ns).saturating_sub(end_ns));
    let seen = after.last().map(|tick| tick.at_ns.saturating_sub(end_ns));
    Some(Recovery {
        recovered_after_ns,
        before_p95_ns: Some((middle, interval.low, interval.high)),
        spike_p95_ns,
        words: words(recovered_after_ns, middle, spike_p95_ns, seen),
    })
}

/// Start and end of the spike, from the start of the run.
fn spike(plan: &LoadPlan) -> Option<(u64, u64)> {
    let mut found = plan.scenarios.iter().flat_map(|scenario| {
        let start = scenario.start_time_ns;
        let spikes = spans(scenario).into_iter().filter(|span| span.phase == Phase::Spike);
        spikes.map(move |span| (start + span.from_ns, start + span.until_ns))
    });
    let first = found.next()?;
    Some(found.fold(first, |(from, until), (f, u)| (from.min(f), until.max(u))))
}

fn steady_start(plan: &LoadPlan) -> Option<u64> {
    let steady = plan.scenarios.iter().flat_map(|scenario| {
        let start = scenario.start_time_ns;
        let spans = spans(scenario).into_iter().filter(|span| span.phase == Phase::Steady);
        spans.map(move |span| start + span.from_ns)
    });
    steady.min()
}

/// Of the whole spike where its samples were kept apart, else the median of its ticks.
fn spike_p95(ticks: &[Tick], totals: &Metrics, start_ns: u64, end_ns: u64) -> Option<f64> {
    let key = format!("{}{{phase:spike}}", Builtin::Response.name());
    if let Some(Series::Trend { values, .. }) = totals.get(&key) {
        return values.quantile(0.95).and_then(Quantile::known).map(|ns| ns as f64);
    }
    let during = ticks.iter().filter(|tick| tick.at_ns > start_ns && tick.at_ns <= end_ns);
    median(&during.filter_map(|tick| tick.p95_ns).collect::<Vec<_>>())
}

/// The upper median, with values that are infinite.
fn middle_of(window: &[f64]) -> f64 {
    let mut window = window.to_vec();
    window.sort_by(f64::total_cmp);
    window.get(window.len() / 2).copied().unwrap_or(f64::INFINITY)
}

fn words(after: Option<u64>, before: f64, spike: Option<f64>, seen: Option<u64>) -> String {
    let before = units::time(before, None);
    let during = spike.map_or_else(
        || "nothing ended during it".to_owned(),
        |spike| format!("{} during it", units::time(spike, None)),
    );
    let seconds = |ns: u64| units::duration(ns as f64 / 1e9);
    match (after, seen) {
        (Some(0), _) => {
            format!("back at once after the spike: p95 {before} before the spike, {during}")
        }
        (Some(after), _) => format!(
            "back {} after the spike: p95 {before} before the spike, {during}",
            seconds(after)
        ),
        (None, Some(seen)) => format!(
            "not back {} after the spike, when the run ended: p95 {before} before the spike, {during}",
            seconds(seen)
        ),
        (None, None) => format!(
            "the run ended with the spike, so nothing is known of what came after it: p95 {before} \
             before the spike, {during}"
        ),
    }
}
