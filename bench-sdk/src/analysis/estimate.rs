//! From raw samples to estimates with intervals.

use crate::bencher::{LaunchSamples, Overhead};
use crate::record::{Better, Metric, Unit, metric_name};
use crate::stats::{
    Interval, anytime_interval, estimable, median, order_interval, quantile_sorted, sorted,
};

/// Confidence level that intervals aim at.
const LEVEL: f64 = 0.99;

/// Median time of an iteration over one launch, the loop's own cost included, in nanoseconds;
/// voided samples count only where there are no others.
pub(crate) fn launch_median(launch: &LaunchSamples) -> Option<f64> {
    median(&counting(launch))
}

/// What a launch found: the benchmark's own metric where it has one, else its median time.
pub(crate) fn launch_value(launch: &LaunchSamples) -> Option<f64> {
    own_metric(launch).map(|(_, value)| value).or_else(|| launch_median(launch))
}

/// What the benchmark measures instead of time, by the name of the metric.
pub(super) fn own_metric(launch: &LaunchSamples) -> Option<(&str, f64)> {
    let own = launch.usage.iter().find(|(name, _)| metric_name::is_custom(name));
    own.map(|(name, value)| (name.as_str(), *value))
}

/// Times of an iteration of the samples that count.
pub(super) fn counting(launch: &LaunchSamples) -> Vec<f64> {
    let of = |voided_too: bool| -> Vec<f64> {
        let kept = launch.samples.iter().filter(|sample| voided_too || !sample.voided);
        kept.map(crate::bencher::Sample::ns_per_iteration).collect()
    };
    let clean = of(false);
    if clean.is_empty() { of(true) } else { clean }
}

/// Interval of the median over launches. `adaptive` says that launches were added until the
/// interval was narrow enough; one that is valid at any stopping time is used then.
pub(crate) fn interval_of_launches(medians: &[f64], adaptive: bool) -> Option<Interval> {
    let ordered = sorted(medians);
    if ordered.len() < 2 {
        return None;
    }
    if adaptive { anytime_interval(&ordered, LEVEL) } else { order_interval(&ordered, LEVEL) }
}

/// The cost of the loop that is taken off, and the value below which nothing is told apart from an
/// empty loop; in nanoseconds an iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Floor {
    pub(super) loop_ns: f64,
    pub(super) high_ns: f64,
}

impl Floor {
    /// The floor over all launches.
    pub(super) fn of(launches: &[LaunchSamples]) -> Self {
        let lows: Vec<f64> = launches.iter().map(|launch| launch.loop_ns.0).collect();
        let highs: Vec<f64> = launches.iter().map(|launch| launch.loop_ns.1).collect();
        let loop_ns = median(&lows).unwrap_or(0.0);
        Self { loop_ns, high_ns: median(&highs).unwrap_or(0.0).max(loop_ns) }
    }

    /// Takes the loop off a time that stands clear of it. A time that does not is left alone: it
    /// is an upper bound then.
    pub(super) fn subtract(&self, ns: f64) -> f64 {
        if self.hides(ns) { ns } else { ns - self.loop_ns }
    }

    /// Whether that time cannot be told from an empty loop.
    pub(super) fn hides(&self, ns: f64) -> bool {
        Overhead { low_ns: self.loop_ns, high_ns: self.high_ns }.hides(ns)
    }
}

/// The metric `time` and the floor it was held against.
pub(super) fn time(launches: &[LaunchSamples], adaptive: bool, floor: Floor) -> Option<Metric> {
    let medians: Vec<f64> = launches.iter().filter_map(launch_median).collect();
    let raw = median(&medians)?;
    let interval = interval_of_launches(&medians, adaptive).or_else(|| within(launches));
    let mut metric = Metric::point(Unit::Nanoseconds, Better::Lower, floor.subtract(raw));
    metric.samples = Some(launches.iter().map(|launch| counting(launch).len() as u64).sum());
    if floor.hides(raw) {
        // Somewhere between nothing and what the loop with the body took.
        (metric.low, metric.high) = (Some(0.0), Some(raw));
    } else if let Some(interval) = interval {
        metric.low = Some((interval.low - floor.loop_ns).max(0.0));
        metric.high = Some(interval.high - floor.loop_ns);
        metric.level = Some(interval.level);
    }
    Some(metric)
}

/// The interval within a single launch; it knows nothing of what differs between processes.
fn within(launches: &[LaunchSamples]) -> Option<Interval> {
    let [launch] = launches else { return None };
    let ordered = sorted(&counting(launch));
    if ordered.len() < 3 { None } else { order_interval(&ordered, LEVEL) }
}

/// Latency at that quantile over all launches; `None` where too few iterations were timed by
/// themselves to tell.
pub(super) fn latency(launches: &[LaunchSamples], p: f64) -> Option<Metric> {
    let all: Vec<f64> =
        launches.iter().flat_map(|launch| launch.latencies_ns.iter().copied()).collect();
    // Near the limit some launches find the benchmark too fast for it: then nothing is claimed.
    let in_all = launches.iter().all(|launch| !launch.latencies_ns.is_empty());
    if !in_all || !estimable(all.len(), p) {
        return None;
    }
    let estimate = quantile_sorted(&sorted(&all), p)?;
    let mut metric = Metric::point(Unit::Nanoseconds, Better::Lower, estimate);
    metric.samples = Some(launches.iter().map(|launch| launch.latencies_seen).sum());
    let each: Option<Vec<f64>> = launches
        .iter()
        .map(|launch| {
            let told = estimable(launch.latencies_ns.len(), p);
            if told { quantile_sorted(&sorted(&launch.latencies_ns), p) } else { None }
        })
        .collect();
    if let Some(interval) = each.and_then(|each| interval_of_launches(&each, false)) {
        metric.low = Some(interval.low.min(estimate));
        metric.high = Some(interval.high.max(estimate));
        metric.level = Some(interval.level);
    }
    Some(metric)
}

/// Amount a second, from an amount an iteration and the time of one; bounds swap their places.
pub(super) fn rate(amount: f64, time: &Metric, unit: Unit) -> Option<Metric> {
    let per_second = |ns: f64| (ns > 0.0).then(|| amount / ns * 1e9).filter(|r| r.is_finite());
    let mut metric = Metric::point(unit, Better::Higher, per_second(time.estimate)?);
    metric.low = time.high.and_then(per_second);
    metric.high = time.low.and_then(per_second);
    if metric.low.is_some() && metric.high.is_some() {
        metric.level = time.level;
    } else {
        (metric.low, metric.high) = (None, None);
    }
    Some(metric)
}
