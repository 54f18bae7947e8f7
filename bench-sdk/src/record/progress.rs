//! What a run writes down while it goes on, for whoever follows it from outside.

use serde::Serialize;

#[cfg(feature = "load")]
use super::load::{LoadPlan, LoadRecord, LoadRun, ThresholdRecord, Tick};
use super::{CaseId, CaseRecord, Event, Mode, RunHeader, Status, Verdict, metric_name};

/// A line of `progress.jsonl`: an event in a few words, where [`Event`] carries whole records. Who reads
/// along knows it by `kind`, and passes over kinds that are new to them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum ProgressLine<'a> {
    /// Measuring begins.
    RunStarted {
        /// The run's id.
        run: &'a str,
        /// When it started, in UTC.
        started_at: &'a str,
        mode: Mode,
        /// Cargo package of the executable.
        package: &'a str,
        /// Cargo target of the executable.
        target: &'a str,
        /// Cases that will be measured.
        cases: usize,
    },
    /// A launch of a case began.
    CaseStarted {
        id: &'a CaseId,
        /// This launch, counted from 1.
        launch: u32,
        /// Launches in all.
        launches: u32,
        /// Share of the run that is done, 0 to 1.
        done: f64,
        /// Estimated time to the end, in seconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        left_s: Option<f64>,
    },
    /// No more launches of a case come.
    CaseFinished {
        id: &'a CaseId,
        status: Status,
        /// Its time, in nanoseconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        time_ns: Option<f64>,
        /// Lower end of the interval.
        #[serde(skip_serializing_if = "Option::is_none")]
        low_ns: Option<f64>,
        /// Upper end of the interval.
        #[serde(skip_serializing_if = "Option::is_none")]
        high_ns: Option<f64>,
    },
    /// Both sides of cases are going to be compared.
    ComparisonStarted { cases: usize },
    /// A launch of both sides of a case began.
    ComparisonProgress {
        id: &'a CaseId,
        /// Launch of it; 0 while it is looked at for the first time.
        launch: u32,
        /// Cases that are through.
        closed: u32,
        /// Cases in all.
        cases: u32,
    },
    /// A comparison is done.
    ComparisonFinished {
        /// Times by their verdict.
        regressed: usize,
        improved: usize,
        /// All times that were compared.
        compared: usize,
    },
    /// A load test begins.
    #[cfg(feature = "load")]
    LoadStarted {
        /// The id of the run that it will be kept in.
        run: &'a str,
        /// When it started, in UTC.
        started_at: &'a str,
        /// Name of the test.
        name: &'a str,
        target: &'a str,
        /// For how long iterations will start, in seconds.
        plan_s: f64,
    },
    /// A stretch of a load test is over.
    #[cfg(feature = "load")]
    Load { tick: &'a Tick },
    /// A threshold does not hold any more, or again.
    #[cfg(feature = "load")]
    LoadThreshold {
        /// When, from the start of the test, in nanoseconds.
        at_ns: u64,
        metric: &'a str,
        expression: &'a str,
        passed: bool,
    },
    /// A load test is done, and kept where there is a folder.
    #[cfg(feature = "load")]
    LoadFinished {
        run: &'a str,
        passed: bool,
        interrupted: bool,
        /// How it ended.
        words: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        folder: Option<&'a str>,
    },
    /// All is measured, and kept where there is a folder.
    RunFinished {
        /// The id of the run that it is kept in.
        run: &'a str,
        cases: usize,
        /// Cases that panicked, failed, died or timed out.
        broken: usize,
        interrupted: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        folder: Option<&'a str>,
    },
}

impl<'a> ProgressLine<'a> {
    /// The event in a few words; `None` where it says nothing new to who follows from outside.
    pub(crate) fn of(event: &'a Event) -> Option<Self> {
        Some(match event {
            Event::RunStarted { run, plan, .. } => Self::started(run, plan.cases.len()),
            Event::CaseStarted { id, position } => Self::CaseStarted {
                id,
                launch: position.launch,
                launches: position.launches,
                done: position.done,
                left_s: position.left_s.filter(|left_s| left_s.is_finite()),
            },
            // The next launch says as much.
            Event::Progress { .. } => return None,
            Event::CaseFinished { record } | Event::CaseFailed { record } => Self::finished(record),
            Event::ComparisonPlanned { effects, .. } => {
                Self::ComparisonStarted { cases: effects.len() }
            }
            Event::ComparisonProgress { id, launch, closed, cases } => {
                Self::ComparisonProgress { id, launch: *launch, closed: *closed, cases: *cases }
            }
            Event::ComparisonFinished { record, .. } => {
                let times = record.comparisons.iter().filter(|one| one.metric == metric_name::TIME);
                let count = |verdict| times.clone().filter(|one| one.verdict == verdict).count();
                Self::ComparisonFinished {
                    regressed: count(Verdict::Regressed),
                    improved: count(Verdict::Improved),
                    compared: times.clone().count(),
                }
            }
            #[cfg(feature = "load")]
            Event::LoadStarted { run, plan, .. } => Self::load_started(run, plan),
            #[cfg(feature = "load")]
            Event::LoadTick { tick } => Self::Load { tick },
            #[cfg(feature = "load")]
            Event::ThresholdCrossed { at_ns, threshold } => Self::crossed(*at_ns, threshold),
            #[cfg(feature = "load")]
            Event::LoadFinished { record, folder } => {
                Self::load_finished(record, folder.as_deref())
            }
            Event::RunFinished { record, folder } => Self::RunFinished {
                run: &record.run.id,
                cases: record.cases.len(),
                broken: record.cases.iter().filter(|case| case.status.is_broken()).count(),
                interrupted: record.run.interrupted,
                folder: folder.as_deref(),
            },
        })
    }

    fn started(run: &'a RunHeader, cases: usize) -> Self {
        let RunHeader { id, started_at, mode, package, target, .. } = run;
        Self::RunStarted { run: id, started_at, mode: *mode, package, target, cases }
    }

    fn finished(record: &'a CaseRecord) -> Self {
        let time = record.metric(metric_name::TIME);
        Self::CaseFinished {
            id: &record.id,
            status: record.status,
            time_ns: time.map(|time| time.estimate),
            low_ns: time.and_then(|time| time.low),
            high_ns: time.and_then(|time| time.high),
        }
    }
}

#[cfg(feature = "load")]
impl<'a> ProgressLine<'a> {
    fn load_started(run: &'a LoadRun, plan: &'a LoadPlan) -> Self {
        let end = |scenario: &super::load::Scenario| {
            scenario.start_time_ns.saturating_add(scenario.executor.duration_ns())
        };
        Self::LoadStarted {
            run: &run.id,
            started_at: &run.started_at,
            name: &plan.name,
            target: &run.target,
            plan_s: plan.scenarios.iter().map(end).max().unwrap_or(0) as f64 / 1e9,
        }
    }

    fn crossed(at_ns: u64, threshold: &'a ThresholdRecord) -> Self {
        let ThresholdRecord { metric, expression, passed, .. } = threshold;
        Self::LoadThreshold { at_ns, metric, expression, passed: *passed }
    }

    fn load_finished(record: &'a LoadRecord, folder: Option<&'a str>) -> Self {
        let run = &record.run;
        Self::LoadFinished {
            run: &run.id,
            passed: run.passed,
            interrupted: run.interrupted,
            words: match (run.passed, run.interrupted) {
                (true, _) => "passed",
                (false, true) => "was interrupted",
                (false, false) => "failed",
            },
            folder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Position;
    use super::*;
    use serde_json::{Value, json};

    fn told(event: &Event) -> Value {
        ProgressLine::of(event)
            .map_or(Value::Null, |line| serde_json::to_value(line).unwrap_or_default())
    }

    #[test]
    fn a_launch_is_told_when_it_begins() {
        let id = CaseId::from("a::b");
        let position = Position { launch: 2, launches: 8, done: 0.25, left_s: Some(f64::INFINITY) };
        let event = Event::CaseStarted { id: id.clone(), position };
        assert_eq!(
            told(&event),
            json!({ "kind": "case_started", "id": "a::b", "launch": 2, "launches": 8, "done": 0.25 })
        );
        assert_eq!(told(&Event::Progress { id, position }), Value::Null);
    }

    #[cfg(feature = "load")]
    #[test]
    fn ticks_of_load_tests_are_events_of_the_kind_load() {
        let tick = Tick { at_ns: 7, iterations: 3, ..Tick::default() };
        let line = told(&Event::LoadTick { tick: tick.clone() });
        assert_eq!(line["kind"], "load");
        assert_eq!(line["tick"], serde_json::to_value(&tick).unwrap_or_default());
    }

    #[test]
    fn records_are_told_in_a_few_words() {
        let record: super::super::RunRecord = serde_json::from_value(json!({
            "schema": 1,
            "run": { "id": "20260101_120000_3f2a", "started_at": "2026-01-01T12:00:00Z",
                     "mode": "quick", "seed": 1, "launches": 1, "optimized": true },
            "environment": serde_json::to_value(super::super::Environment::default()).unwrap_or_default(),
            "cases": [{ "id": "a::b", "crate": "a", "group": "", "name": "b", "args": [], "tags": [],
                "source": { "file": "src/lib.rs", "line": 1 }, "status": "panicked",
                "metrics": { "time": { "unit": "ns", "better": "lower", "estimate": 5.0, "low": 4.0,
                                       "high": 6.0 } }, "notes": [] }]
        }))
        .unwrap_or_else(|error| unreachable!("{error}"));
        let case = Event::CaseFailed { record: record.cases[0].clone() };
        assert_eq!(
            told(&case),
            json!({ "kind": "case_finished", "id": "a::b", "status": "panicked", "time_ns": 5.0,
                    "low_ns": 4.0, "high_ns": 6.0 })
        );
        assert_eq!(
            told(&Event::RunFinished { record, folder: None }),
            json!({ "kind": "run_finished", "run": "20260101_120000_3f2a", "cases": 1, "broken": 1,
                    "interrupted": false })
        );
    }
}
