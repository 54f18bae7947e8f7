//! Load tests as the page shows them.

use serde::Serialize;

use super::history::Dashboard;
use super::load::{ErrorLine, LoadView, PercentileLine, Phase, TimeLine, Timeline};
use crate::record::load::{LoadRecord, MetricUnit, Tick};
use crate::record::{Note, Unit};
use crate::report::load::{
    Judged, LoadOutcome, executor_words, judged, kind_word, model_word, span,
};

/// Points of a time line; a longer one is gathered into so many.
const MAX_POINTS: usize = 600;

/// A load test with a page of its own.
#[derive(Debug, Serialize)]
pub(super) struct LoadPage {
    id: String,
    started_at: String,
    kind: &'static str,
    target: String,
    /// How it ended, in words.
    outcome: String,
    is_good: bool,
    /// Why the generator was the limit, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    limited: Option<String>,
    /// What was done, a line for each scenario.
    scenarios: Vec<String>,
    figures: Figures,
    thresholds: Vec<ThresholdLine>,
    /// What was found, in words.
    found: Vec<String>,
    /// Names and texts of what else is known.
    facts: Vec<(String, String)>,
    notes: Vec<Note>,
    /// What generator and target used, on the same clock.
    resources: Timeline,
    view: LoadView,
}

/// Figures that are worth a column; times in nanoseconds.
#[derive(Debug, Serialize)]
struct Figures {
    rate: Option<f64>,
    p50: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
    /// The greatest time: a percentile that is not known is greater.
    max: Option<f64>,
    failed: Option<f64>,
    dropped: u64,
}

#[derive(Debug, Serialize)]
struct ThresholdLine {
    metric: String,
    condition: String,
    found: String,
    passed: bool,
}

impl Dashboard {
    /// Adds a load test; they come in the order of their start.
    pub(crate) fn add_load_test(&mut self, record: &LoadRecord) {
        self.load_tests.push(LoadPage::of(record));
    }

    /// How many load tests there are.
    pub(crate) fn load_tests(&self) -> usize {
        self.load_tests.len()
    }
}

impl LoadPage {
    fn of(record: &LoadRecord) -> Self {
        let outcome = LoadOutcome::of(record);
        let ticks = gathered(&record.timeline, MAX_POINTS);
        let limited = record
            .generator
            .limited
            .then(|| record.generator.why.clone().unwrap_or_else(|| "it was full".to_owned()));
        let scenarios = record.plan.scenarios.iter().map(|scenario| {
            let executor = &scenario.executor;
            let from = match scenario.start_time_ns {
                0 => String::new(),
                start => format!(", from {}", span(start)),
            };
            format!(
                "{}: {}, {}{from}",
                scenario.name,
                executor_words(executor),
                model_word(executor)
            )
        });
        let capacity = record.capacity.iter().map(|capacity| capacity.words.clone());
        let recovery = record.recovery.iter().map(|recovery| recovery.words.clone());
        Self {
            id: record.run.id.clone(),
            started_at: record.run.started_at.clone(),
            kind: kind_word(record.run.kind),
            target: record.run.target.clone(),
            is_good: outcome.is_good(),
            outcome: outcome.words(),
            limited,
            scenarios: scenarios.collect(),
            figures: figures(record),
            thresholds: judged(record).into_iter().map(ThresholdLine::of).collect(),
            found: capacity.chain(recovery).collect(),
            facts: facts(record),
            notes: record.notes.clone(),
            resources: resources(&ticks),
            view: view(record, &ticks),
        }
    }
}

impl ThresholdLine {
    fn of(judged: Judged) -> Self {
        let found = judged.found_words();
        Self { metric: judged.metric, condition: judged.condition, found, passed: judged.passed }
    }
}

/// The percentiles of what users feel, where that is known.
fn figures(record: &LoadRecord) -> Figures {
    let trend = ["response", "iteration_duration"]
        .iter()
        .find_map(|name| record.metrics.get(*name)?.trend.as_ref());
    let sum = |of: fn(&crate::record::load::ScenarioRecord) -> u64| -> u64 {
        record.scenarios.iter().map(of).sum()
    };
    let full = sum(|scenario| scenario.full);
    let failed = sum(|scenario| scenario.failed);
    Figures {
        rate: record.metrics.get("iterations").and_then(|metric| metric.per_second),
        p50: trend.and_then(|trend| trend.med),
        p95: trend.and_then(|trend| trend.p95),
        p99: trend.and_then(|trend| trend.p99),
        max: trend.map(|trend| trend.max),
        failed: (full > 0).then(|| failed as f64 / full as f64),
        dropped: sum(|scenario| scenario.dropped),
    }
}

fn facts(record: &LoadRecord) -> Vec<(String, String)> {
    let generator = &record.generator;
    let mut facts = vec![("took".to_owned(), span(record.run.duration_ns))];
    let mut add = |name: &str, text: Option<String>| {
        facts.extend(text.map(|text| (name.to_owned(), text)));
    };
    add("generator", Some(format!("{} threads", generator.threads)));
    add("its CPU", generator.cpu_share.map(crate::record::units::percent));
    add("its memory", generator.peak_rss.map(|rss| crate::record::units::bytes(rss as f64)));
    if let Some(target) = &record.target {
        add("target", Some(target.watched.clone()));
        add("its processors", target.processors.map(|used| format!("{used:.2}")));
        add("target's memory", target.peak_rss.map(|rss| crate::record::units::bytes(rss as f64)));
        add("descriptors", target.max_descriptors.map(|open| open.to_string()));
    }
    facts
}

/// What happened over time, how long things took, and what failed.
fn view(record: &LoadRecord, ticks: &[Tick]) -> LoadView {
    let errors = record.errors.iter().map(|error| ErrorLine {
        what: format!("{}: {}", error.kind, error.example),
        count: error.count,
    });
    LoadView {
        name: record.plan.name.clone(),
        timeline: timeline(record, ticks),
        percentiles: curves(record),
        errors: errors.collect(),
    }
}

fn timeline(record: &LoadRecord, ticks: &[Tick]) -> Timeline {
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
fn resources(ticks: &[Tick]) -> Timeline {
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

/// Stretches of ticks with the same phase.
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
    found
}

/// Percentile curves of the times of iterations.
fn curves(record: &LoadRecord) -> Vec<PercentileLine> {
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
fn gathered(ticks: &[Tick], most: usize) -> Vec<Tick> {
    let size = ticks.len().div_ceil(most.max(1)).max(1);
    let one = |chunk: &[Tick]| {
        let (first, rest) = chunk.split_first()?;
        Some(rest.iter().fold(first.clone(), |sum, tick| both(&sum, tick)))
    };
    ticks.chunks(size).filter_map(one).collect()
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
    use super::super::super::load::fixture::{all_runs, open_run, spike_run};
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
        let ticks = gathered(&record.timeline, MAX_POINTS);
        assert!(ticks.len() <= MAX_POINTS, "{}", ticks.len());
        assert_eq!(ticks.last().map(|tick| tick.at_ns), Some(3_601_000_000_000));
        let sum = |ticks: &[Tick]| ticks.iter().map(|tick| tick.iterations).sum::<u64>();
        assert_eq!(sum(&ticks), sum(&record.timeline));
        // The rate is that of the whole stretch, and the worst percentile is not lost.
        let page = LoadPage::of(&record);
        let rate = &page.view.timeline.series[0];
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
    fn every_run_has_a_page_without_figures_that_are_none() {
        for (name, record) in all_runs() {
            let page = LoadPage::of(&record);
            let text = serde_json::to_string(&page).unwrap_or_default();
            assert!(!text.is_empty(), "{name}");
            assert_eq!(page.is_good, matches!(name, "closed" | "limited" | "spike"), "{name}");
            for line in &page.view.timeline.series {
                assert_eq!(line.values.len(), page.view.timeline.at_s.len(), "{name}");
            }
        }
    }
}
