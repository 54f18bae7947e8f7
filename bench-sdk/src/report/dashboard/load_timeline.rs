//! What happened over the time of a load test, as the page draws it.

use super::load::{PercentileLine, Phase, TimeLine, Timeline};
use crate::record::Unit;
use crate::record::load::{LoadRecord, MetricUnit, Tick};

/// Points of a time line; a longer one is gathered into so many.
const MAX_POINTS: usize = 600;

pub(super) fn timeline(record: &LoadRecord, ticks: &[Tick]) -> Timeline {
    let is_open = record.plan.scenarios.iter().any(|scenario| scenario.executor.is_open());
    let mut lines = Lines { ticks, series: Vec::new() };
    let each_second = |count: u64, tick: &Tick| {
        (tick.length_ns > 0).then(|| count as f64 * 1e9 / tick.length_ns as f64)
    };
    lines.add("rate", Unit::PerSecond, |tick| each_second(tick.iterations, tick));
    if is_open {
        lines.add("planned", Unit::PerSecond, |tick| tick.planned);
    }
    lines.add("P50", Unit::Nanoseconds, |tick| tick.p50_ns);
    lines.add("P95", Unit::Nanoseconds, |tick| tick.p95_ns);
    lines.add("P99", Unit::Nanoseconds, |tick| tick.p99_ns);
    lines.add("in flight", Unit::One, |tick| Some(tick.in_flight as f64));
    lines.add("users", Unit::One, |tick| Some(tick.vus as f64));
    // A line that never leaves zero is not worth a panel.
    if ticks.iter().any(|tick| tick.failed + tick.requests_failed + tick.dropped > 0) {
        lines.add_bad("failed", |tick| each_second(tick.failed.max(tick.requests_failed), tick));
        lines.add_bad("dropped", |tick| each_second(tick.dropped, tick));
    }
    Timeline { at_s: times(ticks), series: lines.series, phases: phases(ticks) }
}

/// What both sides used.
pub(super) fn resources(ticks: &[Tick]) -> Timeline {
    let mut lines = Lines { ticks, series: Vec::new() };
    let processors = |ns: Option<u64>, tick: &Tick| {
        ns.filter(|_| tick.length_ns > 0).map(|ns| ns as f64 / tick.length_ns as f64)
    };
    lines.add("load CPU", Unit::One, |tick| processors(tick.generator_cpu_ns, tick));
    lines.add("target CPU", Unit::One, |tick| processors(tick.target_cpu_ns, tick));
    lines.add("load mem.", Unit::Bytes, |tick| tick.generator_rss.map(|rss| rss as f64));
    lines.add("target m.", Unit::Bytes, |tick| tick.target_rss.map(|rss| rss as f64));
    Timeline { at_s: times(ticks), series: lines.series, phases: Vec::new() }
}

/// Series that are made of ticks; one without any value is left out.
struct Lines<'a> {
    ticks: &'a [Tick],
    series: Vec<TimeLine>,
}

impl Lines<'_> {
    fn add(&mut self, name: &str, unit: Unit, of: impl Fn(&Tick) -> Option<f64>) {
        self.push(name, unit, false, of);
    }

    fn add_bad(&mut self, name: &str, of: impl Fn(&Tick) -> Option<f64>) {
        self.push(name, Unit::PerSecond, true, of);
    }

    fn push(&mut self, name: &str, unit: Unit, is_bad: bool, of: impl Fn(&Tick) -> Option<f64>) {
        let finite = |tick| of(tick).filter(|value| value.is_finite());
        let values: Vec<Option<f64>> = self.ticks.iter().map(finite).collect();
        if values.iter().any(Option::is_some) {
            self.series.push(TimeLine { name: name.to_owned(), unit, is_bad, values });
        }
    }
}

fn times(ticks: &[Tick]) -> Vec<f64> {
    ticks.iter().map(|tick| tick.at_ns as f64 / 1e9).collect()
}

/// Stretches of ticks with the same phase; none where all have the same, which tells nothing.
fn phases(ticks: &[Tick]) -> Vec<Phase> {
    let mut found: Vec<Phase> = Vec::new();
    for tick in ticks {
        let Some(phase) = tick.phase else { continue };
        let (from_s, to_s) =
            (tick.at_ns.saturating_sub(tick.length_ns) as f64 / 1e9, tick.at_ns as f64 / 1e9);
        match found.last_mut() {
            Some(last) if last.name == phase.name() && last.to_s >= from_s - 1e-3 => {
                last.to_s = to_s;
            }
            _ => found.push(Phase { name: phase.name().to_owned(), from_s, to_s }),
        }
    }
    let first = found.first().map(|phase| phase.name.clone());
    if found.iter().all(|phase| Some(&phase.name) == first.as_ref()) {
        found.clear();
    }
    found
}

/// Percentile curves of the times of iterations.
pub(super) fn curves(record: &LoadRecord) -> Vec<PercentileLine> {
    let named = ["response", "service", "iteration_duration"];
    let is_open = record.metrics.contains_key("response");
    named
        .iter()
        .filter(|name| !(is_open && **name == "iteration_duration"))
        .filter_map(|name| {
            let metric = record.metrics.get(*name)?;
            let trend = metric.trend.as_ref().filter(|_| metric.unit == MetricUnit::Nanoseconds)?;
            let points = trend.curve.iter().map(|point| (point.q, point.value)).collect();
            Some(PercentileLine { name: (*name).replace('_', " "), points })
        })
        .collect()
}

/// Neighbouring ticks as one, so that there are at most so many: counts are added up, of percentiles
/// the greatest stays, of what was at the end the last.
pub(super) fn gathered(ticks: &[Tick]) -> Vec<Tick> {
    let whole = with_the_rest(ticks);
    let size = whole.len().div_ceil(MAX_POINTS).max(1);
    let one = |chunk: &[Tick]| {
        let (first, rest) = chunk.split_first()?;
        Some(rest.iter().fold(first.clone(), |sum, tick| both(&sum, tick)))
    };
    whole.chunks(size).filter_map(one).collect()
}

/// The ticks, with a last one that is short as a part of the one before it: a rate over a few
/// milliseconds is no point of a curve.
fn with_the_rest(ticks: &[Tick]) -> Vec<Tick> {
    let mut whole = ticks.to_vec();
    if let [.., before, last] = ticks
        && last.length_ns < before.length_ns / 2
    {
        let together = both(before, last);
        whole.truncate(ticks.len() - 2);
        whole.push(together);
    }
    whole
}

fn both(a: &Tick, b: &Tick) -> Tick {
    let most = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    };
    let sum = |a: Option<u64>, b: Option<u64>| Some(a? + b?);
    Tick {
        length_ns: a.length_ns + b.length_ns,
        iterations: a.iterations + b.iterations,
        failed: a.failed + b.failed,
        dropped: a.dropped + b.dropped,
        requests: a.requests + b.requests,
        requests_failed: a.requests_failed + b.requests_failed,
        p50_ns: most(a.p50_ns, b.p50_ns),
        p95_ns: most(a.p95_ns, b.p95_ns),
        p99_ns: most(a.p99_ns, b.p99_ns),
        lateness_p99_ns: most(a.lateness_p99_ns, b.lateness_p99_ns),
        received: a.received + b.received,
        sent: a.sent + b.sent,
        generator_cpu_ns: sum(a.generator_cpu_ns, b.generator_cpu_ns),
        target_cpu_ns: sum(a.target_cpu_ns, b.target_cpu_ns),
        ..b.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::load::fixture::{open_run, spike_run};
    use super::*;

    #[test]
    fn a_time_line_has_a_bounded_number_of_points() {
        let mut record = open_run();
        let tick = record.timeline[0].clone();
        record.timeline = (1..=3601)
            .map(|second| Tick {
                at_ns: second * 1_000_000_000,
                p95_ns: (second % 7 == 0).then_some(second as f64),
                ..tick.clone()
            })
            .collect();
        let ticks = gathered(&record.timeline);
        assert!(ticks.len() <= MAX_POINTS, "{}", ticks.len());
        assert_eq!(ticks.last().map(|tick| tick.at_ns), Some(3_601_000_000_000));
        let sum = |ticks: &[Tick]| ticks.iter().map(|tick| tick.iterations).sum::<u64>();
        assert_eq!(sum(&ticks), sum(&record.timeline));
        // The rate is that of the whole stretch, and the worst percentile is not lost.
        let rate = &timeline(&record, &ticks).series[0];
        assert!(rate.values.iter().all(|rate| *rate == Some(2000.0)), "{rate:?}");
        assert_eq!(ticks[0].p95_ns, Some(7.0));
    }

    #[test]
    fn phases_are_stretches() {
        let spans: Vec<(String, f64, f64)> = phases(&spike_run().timeline)
            .into_iter()
            .map(|phase| (phase.name, phase.from_s, phase.to_s))
            .collect();
        let expected = [("steady", 0.0, 20.0), ("spike", 20.0, 40.0), ("recovery", 40.0, 60.0)];
        assert_eq!(spans, expected.map(|(name, from, to)| (name.to_owned(), from, to)));
    }

    #[test]
    fn a_short_rest_is_no_point_of_its_own() {
        let mut record = open_run();
        let tick = record.timeline[0].clone();
        let rest =
            Tick { at_ns: 2_004_000_000, length_ns: 4_000_000, iterations: 50, ..tick.clone() };
        record.timeline = vec![
            Tick { at_ns: 1_000_000_000, ..tick.clone() },
            Tick { at_ns: 2_000_000_000, ..tick },
            rest,
        ];
        let ticks = gathered(&record.timeline);
        let shown: Vec<_> = ticks.iter().map(|tick| (tick.at_ns, tick.length_ns)).collect();
        assert_eq!(shown, [(1_000_000_000, 1_000_000_000), (2_004_000_000, 1_004_000_000)]);
        assert_eq!(ticks[1].iterations, record.timeline[1].iterations + 50);
    }
}
