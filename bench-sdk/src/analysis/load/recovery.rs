//! How long a target takes to come back after a spike.

use super::phases::spans;
use crate::record::load::{LoadPlan, Phase, Recovery, Tick};
use crate::record::units;
use crate::stats::{median, order_interval, sorted};

const SECOND_NS: u64 = 1_000_000_000;
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
/// above everything. Of the spike itself its worst tick is told.
pub(crate) fn recovery(plan: &LoadPlan, ticks: &[Tick]) -> Option<Recovery> {
    let (start_ns, end_ns) = spike(plan)?;
    let p95 = |tick: &Tick| tick.p95_ns.unwrap_or(f64::INFINITY);
    let worst = worst(ticks, start_ns, end_ns);
    let spike_p95_ns = worst.p95_ns();
    let steady = steady_start(plan).unwrap_or(0);
    let is_before = |tick: &&Tick| {
        tick.at_ns - tick.length_ns.min(tick.at_ns) >= steady && tick.at_ns <= start_ns
    };
    let all_before = ticks.iter().filter(is_before).count();
    let before: Vec<f64> = ticks.iter().filter(is_before).filter_map(|tick| tick.p95_ns).collect();
    let before = sorted(&before);
    let interval = order_interval(&before, LEVEL).filter(|_| before.len() >= MIN_BEFORE);
    let (Some(interval), Some(middle)) = (interval, median(&before)) else {
        return Some(Recovery {
            recovered_after_ns: None,
            before_p95_ns: None,
            spike_p95_ns,
            words: format!("{}; {}", too_few(plan, before.len(), all_before), worst.words()),
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
        words: words(recovered_after_ns, middle, &worst, seen),
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

/// The worst second of a spike.
enum Worst {
    /// The run ended before it.
    Unseen,
    /// The greatest 95th percentile of its seconds, in nanoseconds.
    Known(f64),
    /// A second that is above everything: arrivals that it dropped, of all those in it.
    Unbounded(u64, u64),
}

impl Worst {
    fn p95_ns(&self) -> Option<f64> {
        match self {
            Self::Known(p95) => Some(*p95),
            Self::Unseen | Self::Unbounded(..) => None,
        }
    }

    fn words(&self) -> String {
        let count = |count: u64| units::count(count as f64);
        match self {
            Self::Unseen => "nothing was seen of the spike".to_owned(),
            Self::Known(p95) => {
                format!("{} in the worst second of the spike", units::time(*p95, None))
            }
            Self::Unbounded(_, 0) => {
                "no bound in the worst second of the spike: nothing ended in it".to_owned()
            }
            Self::Unbounded(0, all) => format!(
                "no bound in the worst second of the spike: too many of its {} arrivals were cut \
                 off",
                count(*all)
            ),
            Self::Unbounded(dropped, all) => format!(
                "no bound in the worst second of the spike: {} of {} arrivals dropped in it",
                count(*dropped),
                count(*all)
            ),
        }
    }
}

/// Of all ticks that lie in the spike, if only in part. One that dropped arrivals, or has no
/// percentile, is above all others; of several such the one that dropped most is told.
fn worst(ticks: &[Tick], start_ns: u64, end_ns: u64) -> Worst {
    let begins = |tick: &Tick| tick.at_ns.saturating_sub(tick.length_ns);
    let during: Vec<&Tick> =
        ticks.iter().filter(|tick| tick.at_ns > start_ns && begins(tick) < end_ns).collect();
    let unbounded = during.iter().filter(|tick| tick.dropped > 0 || tick.p95_ns.is_none());
    if let Some(tick) = unbounded.max_by_key(|tick| tick.dropped) {
        return Worst::Unbounded(tick.dropped, tick.iterations.saturating_add(tick.dropped));
    }
    let known = during.iter().filter_map(|tick| tick.p95_ns);
    known.reduce(f64::max).map_or(Worst::Unseen, Worst::Known)
}

/// Why nothing can be compared, and what to do about it: the steady phase of a spike test is as
/// long as its spike.
fn too_few(plan: &LoadPlan, answered: usize, all: usize) -> String {
    let said = format!(
        "{answered} seconds with answers before the spike are too few to say when the target was \
         back: {MIN_BEFORE} are needed"
    );
    let (steady, spike) = (steady_start(plan).unwrap_or(0), spike(plan).map_or(0, |spike| spike.0));
    let planned = (spike / SECOND_NS).saturating_sub(steady.div_ceil(SECOND_NS));
    if all < MIN_BEFORE && planned >= MIN_BEFORE as u64 {
        return format!("{said}, and the run had ended by then");
    }
    if all >= MIN_BEFORE {
        return format!("{said}, and {all} were there; raise `--rate` or `--spike-duration`");
    }
    let shortest = shortest_spike(plan.time_scale);
    format!("{said}, and `--spike-duration {shortest}s` is the shortest that gives them")
}

/// The fewest whole seconds of `--spike-duration` whose steady phase has enough full seconds: it
/// begins after a ramp of a tenth of that length.
fn shortest_spike(time_scale: f64) -> u64 {
    let scale = if time_scale > 0.0 { time_scale } else { 1.0 };
    let has_enough = |seconds: &u64| {
        let length = *seconds as f64 * scale;
        (length * 1.1).floor() - (length / 10.0).ceil() >= MIN_BEFORE as f64
    };
    let least = (MIN_BEFORE as f64 / scale).ceil().max(1.0) as u64;
    (least..least.saturating_mul(2).saturating_add(10)).find(has_enough).unwrap_or(least)
}

/// The upper median, with values that are infinite.
fn middle_of(window: &[f64]) -> f64 {
    let mut window = window.to_vec();
    window.sort_by(f64::total_cmp);
    window.get(window.len() / 2).copied().unwrap_or(f64::INFINITY)
}

fn words(after: Option<u64>, before: f64, worst: &Worst, seen: Option<u64>) -> String {
    let before = units::time(before, None);
    let during = worst.words();
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
