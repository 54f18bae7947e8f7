//! Load tests as the page shows them.

use serde::Serialize;

use super::history::Dashboard;
use super::load::{ErrorLine, LoadView, Timeline};
use super::load_timeline::{curves, gathered, resources, timeline};
use crate::record::Note;
use crate::record::load::{LoadRecord, Probed, Tick};
use crate::report::load::{
    Judged, LoadOutcome, counted, course_words, judged, kind_word, law_words, model_word, span,
    window_words,
};

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
    /// The rates that a search tried, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    probes: Vec<ProbeLine>,
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

/// A rate that a search tried; rates in iterations a second.
#[derive(Debug, Serialize)]
struct ProbeLine {
    planned: f64,
    reached: f64,
    in_flight: f64,
    /// In nanoseconds.
    p95: Option<f64>,
    failed: f64,
    passed: bool,
    limited: bool,
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
        let ticks = gathered(&record.timeline);
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
                course_words(record, scenario),
                model_word(executor)
            )
        });
        let capacity = record.capacity.iter().flat_map(|capacity| {
            [Some(capacity.words.clone()), law_words(capacity)].into_iter().flatten()
        });
        let probes = record.capacity.iter().flat_map(|capacity| &capacity.probes);
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
            found: capacity.chain(recovery).chain(window_words(record)).collect(),
            probes: probes.map(ProbeLine::of).collect(),
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

impl ProbeLine {
    fn of(probe: &Probed) -> Self {
        Self {
            planned: probe.planned_per_second,
            reached: probe.reached_per_second,
            in_flight: probe.in_flight,
            p95: probe.p95_ns,
            failed: probe.failed,
            passed: probe.passed,
            limited: probe.limited,
        }
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
    let mut facts = vec![("Took".to_owned(), span(record.run.duration_ns))];
    let mut add = |name: &str, text: Option<String>| {
        facts.extend(text.map(|text| (name.to_owned(), text)));
    };
    add("Generator", Some(counted(u64::from(generator.threads), "thread")));
    add("Its CPU", generator.cpu_share.map(crate::record::units::percent));
    add("Its memory", generator.peak_rss.map(|rss| crate::record::units::bytes(rss as f64)));
    if let Some(target) = &record.target {
        add("Target", Some(target.watched.clone()));
        add("Its processors", target.processors.map(|used| format!("{used:.2}")));
        add("Target's memory", target.peak_rss.map(|rss| crate::record::units::bytes(rss as f64)));
        add("Descriptors", target.max_descriptors.map(|open| open.to_string()));
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

#[cfg(test)]
mod tests {
    use super::super::super::load::fixture::all_runs;
    use super::*;

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
