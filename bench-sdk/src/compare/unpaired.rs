//! Records of different times, held against each other.

use std::collections::BTreeSet;

use super::environment::differences;
use super::exact::{Seen, compare_seen, is_exact};
use super::explain::explain;
use super::same_runs::same_runs;
use super::t_test::{TTest, discovery_limit};
use crate::record::{
    BrokenCase, COMPARISON_SCHEMA, CaseComparison, CaseId, CaseRecord, ComparisonRecord,
    MachineNoise, Method, Mode, Note, Ratio, Rules, RunRecord, Side, SideRecord, Status,
    ThresholdVerdict, Verdict, metric_name, units,
};
use crate::stats::median;

/// With fewer runs of the baseline a change is suspect at most.
const ENOUGH_RUNS: usize = 3;
/// A change of the anchor kernel beyond this, as a ratio, is told.
const ANCHOR_MOVED: f64 = 0.01;

/// The runs that a candidate is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BaselineRuns<'a> {
    /// All there are.
    pub(crate) runs: &'a [RunRecord],
    /// Whether they are known to come from one executable; else that is judged by commit and build.
    pub(crate) one_executable: bool,
}

/// Compares by records alone. Sides are named by the ids of their newest runs.
///
/// Times are taken as ratios to those of the anchor kernel in the same run, so that a machine which is
/// slower on one day is not taken for slower code, and are judged by [`TTest`]; all else that repeats
/// from process to process is compared as it is.
pub(crate) fn compare_records(
    baseline: BaselineRuns<'_>,
    candidate: &RunRecord,
    rules: Rules,
    noise: Option<&MachineNoise>,
) -> ComparisonRecord {
    let (runs, apart) = same_runs(baseline.runs, baseline.one_executable);
    let mut record = blank(&runs, candidate, rules);
    record.notes.extend(apart);
    let Some(newest) = runs.last() else { return record };
    let obstacles = obstacles(newest, candidate);
    let against = Against { runs: &runs, candidate, rules, noise, obstacles: &obstacles };
    record.notes.extend(against.anchor_note());
    let known: BTreeSet<&CaseId> =
        runs.iter().flat_map(|run| run.cases.iter().map(|case| &case.id)).collect();
    let mut cases: Vec<&CaseRecord> = candidate.cases.iter().collect();
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    let mut times = Vec::new();
    for case in cases {
        if !known.contains(&case.id) {
            record.only_in_candidate.push(case.id.clone());
        } else if case.status.is_broken() {
            record.broken.push(broken(case));
        } else {
            times.push(against.time(case));
        }
    }
    let here = |id: &CaseId| candidate.cases.iter().any(|case| case.id == *id);
    record.only_in_baseline = known.into_iter().filter(|id| !here(id)).cloned().collect();
    record.notes.extend(few_runs(&times));
    record.comparisons = against.judge(times);
    record
}

/// What is known of the time of one case.
struct Time<'a> {
    case: &'a CaseRecord,
    comparison: CaseComparison,
    test: Option<TTest>,
}

/// Both sides and the rules.
struct Against<'a> {
    runs: &'a [&'a RunRecord],
    candidate: &'a RunRecord,
    rules: Rules,
    noise: Option<&'a MachineNoise>,
    /// Why nothing can be compared; empty where it can.
    obstacles: &'a [String],
}

impl<'a> Against<'a> {
    fn time(&self, case: &'a CaseRecord) -> Time<'a> {
        let metric = main_metric(case);
        let before: Vec<(&RunRecord, &CaseRecord)> = self
            .runs
            .iter()
            .filter_map(|run| Some((*run, run.case(case.id.as_str())?)))
            .filter(|(_, case)| estimate(case, metric).is_some())
            .collect();
        let mut comparison = CaseComparison::unknown(&case.id, metric);
        comparison.launches = before.len() as u32;
        if let Some(why) = self.no_comparison(case, metric, &before) {
            comparison.verdict = Verdict::NotComparable;
            comparison.evidence = why;
            return Time { case, comparison, test: None };
        }
        let estimates: Vec<f64> =
            before.iter().filter_map(|(_, case)| estimate(case, metric)).collect();
        comparison.baseline = median(&estimates);
        comparison.candidate = estimate(case, metric);
        comparison.notes.extend(code_changed(case, &before));
        let is_at_floor = |case: &CaseRecord| case.has_note("at_floor");
        if is_at_floor(case) || before.iter().any(|(_, case)| is_at_floor(case)) {
            comparison.notes.push(Note::warning(
                "at_floor",
                "an iteration cannot be told from an empty loop; a change of it cannot be seen",
            ));
            return Time { case, comparison, test: None };
        }
        // What is no time has nothing to do with the machine's speed and its noise.
        let is_time = metric == metric_name::TIME;
        let by_anchor = is_time && self.has_anchors();
        let noise = self.noise.filter(|_| is_time);
        let scale = |run: &RunRecord| run.run.anchor_ns.filter(|_| by_anchor).unwrap_or(1.0);
        let logs: Vec<f64> = before
            .iter()
            .filter_map(|(run, case)| Some((estimate(case, metric)? / scale(run)).ln()))
            .collect();
        let new = estimate(case, metric).map(|value| (value / scale(self.candidate)).ln());
        let test = new.and_then(|new| TTest::new(&logs, new, noise));
        match test {
            Some(test) => self.measure(&mut comparison, &test),
            None => self.suspect_one(&mut comparison, case, &before, new.zip(mean(&logs))),
        }
        Time { case, comparison, test }
    }

    /// Why there is nothing to compare.
    fn no_comparison(
        &self,
        case: &CaseRecord,
        metric: &str,
        before: &[(&RunRecord, &CaseRecord)],
    ) -> Option<Vec<String>> {
        if !self.obstacles.is_empty() {
            return Some(self.obstacles.to_vec());
        }
        let no_figure = |side: &str, status: Status| {
            let figure =
                if metric == metric_name::TIME { "time".to_owned() } else { format!("`{metric}`") };
            Some(vec![format!("the {side} has no {figure} of it: {}", status.words())])
        };
        if estimate(case, metric).is_none() {
            return no_figure("candidate", case.status);
        }
        let status =
            self.runs.iter().rev().find_map(|run| Some(run.case(case.id.as_str())?.status));
        let status = status.filter(|_| before.is_empty())?;
        no_figure("baseline", status)
    }

    /// Interval, smallest effect and, with too few runs, that it is suspect at most.
    fn measure(&self, comparison: &mut CaseComparison, test: &TTest) {
        let ratio = test.ratio(self.rules.alpha);
        let effect = ratio.low.zip(ratio.high).map(|(low, high)| (1.0 - low).max(high - 1.0));
        comparison.ratio = Some(ratio);
        comparison.smallest_effect = effect;
        comparison.threshold = self.rules.threshold.map(|t| self.against_threshold(test, t));
        if (comparison.launches as usize) < ENOUGH_RUNS {
            let verdict = self.direction(test, ratio);
            let moved = matches!(verdict, Verdict::Regressed | Verdict::Improved);
            comparison.notes.extend(moved.then(|| suspect(comparison.launches)));
        }
    }

    /// What one run can tell without knowing how much times vary: whether the intervals are apart.
    fn suspect_one(
        &self,
        comparison: &mut CaseComparison,
        case: &CaseRecord,
        before: &[(&RunRecord, &CaseRecord)],
        logs: Option<(f64, f64)>,
    ) {
        let Some((new, old)) = logs else { return };
        let estimate = (new - old).exp();
        comparison.ratio = Some(Ratio { estimate, low: None, high: None, level: None });
        comparison.threshold = self.rules.threshold.map(|t| {
            if estimate > 1.0 + t {
                ThresholdVerdict::ProbablyOver
            } else {
                ThresholdVerdict::ProbablyUnder
            }
        });
        let interval = |case: &CaseRecord| {
            let figure = case.metric(&comparison.metric)?;
            Some((figure.low?, figure.high?))
        };
        let ends = before.first().and_then(|(_, case)| interval(case)).zip(interval(case));
        let apart = ends.is_some_and(|(old, new)| new.0 > old.1 || new.1 < old.0);
        let is_large = (new - old).abs() >= self.rules.minimum_effect.ln_1p();
        comparison.notes.extend((apart && is_large).then(|| suspect(comparison.launches)));
    }

    fn against_threshold(&self, test: &TTest, threshold: f64) -> ThresholdVerdict {
        let margin = threshold.ln_1p();
        if test.chance_above(margin) <= self.rules.alpha {
            ThresholdVerdict::Over
        } else if test.chance_below(margin) <= self.rules.alpha {
            ThresholdVerdict::Under
        } else if test.chance_above(margin) < 0.5 {
            ThresholdVerdict::ProbablyOver
        } else {
            ThresholdVerdict::ProbablyUnder
        }
    }

    /// The verdict of one case for itself: regressed, improved, equivalent or inconclusive.
    fn direction(&self, test: &TTest, ratio: Ratio) -> Verdict {
        let (alpha, margin) = (self.rules.alpha, self.rules.minimum_effect.ln_1p());
        let distance = ratio.estimate.ln();
        if test.chance_above(0.0) <= alpha && distance >= margin {
            Verdict::Regressed
        } else if test.chance_below(0.0) <= alpha && distance <= -margin {
            Verdict::Improved
        } else if test.chance_above(-margin) <= alpha && test.chance_below(margin) <= alpha {
            Verdict::Equivalent
        } else {
            Verdict::Inconclusive
        }
    }

    /// Settles the times of all cases together, and adds what else is known of each.
    fn judge(&self, times: Vec<Time<'_>>) -> Vec<CaseComparison> {
        let has_enough = |time: &Time<'_>| time.comparison.launches as usize >= ENOUGH_RUNS;
        let tested = times.iter().filter(|time| has_enough(time)).filter_map(|time| time.test);
        let p_values: Vec<f64> = tested.map(|test| test.two_sided()).collect();
        let limit = discovery_limit(&p_values, self.rules.q);
        let mut all = Vec::new();
        for mut time in times {
            if let (Some(test), Some(ratio), true) =
                (time.test, time.comparison.ratio, has_enough(&time))
            {
                let verdict = self.direction(&test, ratio);
                let is_call = matches!(verdict, Verdict::Regressed | Verdict::Improved);
                let is_discovery = limit.is_some_and(|limit| test.two_sided() <= limit);
                time.comparison.verdict =
                    if is_call && !is_discovery { Verdict::Inconclusive } else { verdict };
            }
            let mut of_case = vec![time.comparison];
            if of_case[0].verdict != Verdict::NotComparable {
                of_case.extend(self.counted(time.case));
            }
            explain(&mut of_case);
            all.extend(of_case);
        }
        all
    }

    /// The metrics that repeat from process to process, and the resident memory.
    fn counted(&self, case: &CaseRecord) -> Vec<CaseComparison> {
        let is_counted = |name: &&str| is_exact(name) || *name == metric_name::PEAK_RSS;
        let of = |name: &str| {
            let new = seen(name, &[case])?;
            let before: Vec<&CaseRecord> =
                self.runs.iter().filter_map(|run| run.case(case.id.as_str())).collect();
            let old = seen(name, &before)?;
            let exact = compare_seen(name, old, new);
            Some(CaseComparison {
                verdict: exact.verdict,
                ratio: exact.ratio,
                baseline: Some(old.estimate),
                candidate: Some(new.estimate),
                launches: before.len() as u32,
                evidence: exact.evidence,
                ..CaseComparison::unknown(&case.id, name)
            })
        };
        metric_name::ALL.iter().copied().filter(is_counted).filter_map(of).collect()
    }

    fn has_anchors(&self) -> bool {
        let has = |run: &RunRecord| run.run.anchor_ns.is_some_and(|ns| ns.is_finite() && ns > 0.0);
        has(self.candidate) && self.runs.iter().all(|run| has(run))
    }

    /// Tells that times are not held against the anchor, or that the anchor itself has moved.
    fn anchor_note(&self) -> Option<Note> {
        if !self.has_anchors() {
            return Some(Note::remark(
                "no_anchor",
                "not every run has timed the anchor kernel: a machine that is slower on one day than \
                 on another looks like slower code",
            ));
        }
        let anchors: Vec<f64> = self.runs.iter().filter_map(|run| run.run.anchor_ns).collect();
        let moved = self.candidate.run.anchor_ns? / median(&anchors)? - 1.0;
        (moved.abs() > ANCHOR_MOVED).then(|| {
            let share = units::percent(moved.abs());
            let how = if moved > 0.0 { "slower" } else { "faster" };
            Note::remark(
                "anchor_moved",
                format!(
                    "the machine itself was {share} {how} this time; the changes are without that"
                ),
            )
        })
    }
}

/// Why times of the two runs say nothing about each other.
fn obstacles(baseline: &RunRecord, candidate: &RunRecord) -> Vec<String> {
    let mut found = differences(&baseline.environment, &candidate.environment);
    if baseline.run.mode == Mode::Test || candidate.run.mode == Mode::Test {
        found.push(
            "a run of test mode calls each case once: its times are those of cold calls".into(),
        );
    }
    if baseline.run.optimized != candidate.run.optimized && found.is_empty() {
        found.push("only one of the builds is optimised".into());
    }
    found
}

/// That a change was seen which too few runs cannot prove.
fn suspect(runs: u32) -> Note {
    let runs = if runs == 1 { "one run does".to_owned() } else { format!("{runs} runs do") };
    Note::warning("suspect", format!("suspect, not more: {runs} not tell what varies between runs"))
}

/// Tells of a baseline whose runs are too few for any case.
fn few_runs(times: &[Time<'_>]) -> Option<Note> {
    let compared = times.iter().filter(|time| time.comparison.verdict != Verdict::NotComparable);
    let most = compared.map(|time| time.comparison.launches as usize).max()?;
    (most < ENOUGH_RUNS).then(|| {
        let count = if most == 1 { "one run".to_owned() } else { format!("{most} runs") };
        Note::warning(
            "few_runs",
            format!(
                "{count} to compare with cannot tell a change from what varies between runs: times \
                 are suspect at most; have {ENOUGH_RUNS} or more of one executable, as a baseline \
                 that is saved with `--append`"
            ),
        )
    })
}

fn code_changed(case: &CaseRecord, before: &[(&RunRecord, &CaseRecord)]) -> Option<Note> {
    let (_, newest) = before.last()?;
    let known = !case.code_hash.is_empty() && !newest.code_hash.is_empty();
    (known && case.code_hash != newest.code_hash).then(|| {
        Note::warning(
            "bench_code_changed",
            "the code of the benchmark itself has changed: what is compared may not be the same work",
        )
    })
}

fn broken(case: &CaseRecord) -> BrokenCase {
    let reason = case.message.as_deref().unwrap_or_default();
    let message = match reason {
        "" => case.status.words().to_owned(),
        reason => format!("{}: {reason}", case.status.words()),
    };
    BrokenCase { id: case.id.clone(), side: Side::Candidate, message }
}

/// The metric that the case is about: its time, unless it measures something else instead.
fn main_metric(case: &CaseRecord) -> &str {
    let own = case.metrics.keys().find(|name| metric_name::is_custom(name));
    own.map_or(metric_name::TIME, String::as_str)
}

/// That figure of a case, where it has one that a ratio can be made of.
fn estimate(case: &CaseRecord, metric: &str) -> Option<f64> {
    let is_measured = matches!(case.status, Status::Measured | Status::BudgetFailed);
    let estimate = case.metric(metric)?.estimate;
    (is_measured && estimate.is_finite() && estimate > 0.0).then_some(estimate)
}

/// What the launches of all these records of a case have shown of a metric.
fn seen(name: &str, cases: &[&CaseRecord]) -> Option<Seen> {
    let metrics: Vec<_> =
        cases.iter().filter_map(|case| Some((case, case.metric(name)?))).collect();
    let estimates: Vec<f64> = metrics.iter().map(|(_, metric)| metric.estimate).collect();
    let ends = metrics.iter().flat_map(|(_, metric)| {
        [metric.low.unwrap_or(metric.estimate), metric.high.unwrap_or(metric.estimate)]
    });
    let range = Seen::of(&ends.collect::<Vec<_>>())?;
    let launches = metrics.iter().map(|(case, _)| case.launches.len().max(1) as u32).sum();
    Some(Seen { estimate: median(&estimates)?, launches, ..range })
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn blank(runs: &[&RunRecord], candidate: &RunRecord, rules: Rules) -> ComparisonRecord {
    let side = |run: Option<&RunRecord>, runs: usize| SideRecord {
        name: run.map_or_else(String::new, |run| run.run.id.clone()),
        commit: run.and_then(|run| run.environment.git_commit.clone()),
        dirty: run.and_then(|run| run.environment.git_dirty),
        runs: Some(runs as u32),
    };
    ComparisonRecord {
        schema: COMPARISON_SCHEMA,
        method: Method::Unpaired,
        baseline: side(runs.last().copied(), runs.len()),
        candidate: side(Some(candidate), 1),
        rules,
        duration_ns: 0,
        comparisons: Vec::new(),
        only_in_baseline: Vec::new(),
        only_in_candidate: Vec::new(),
        broken: Vec::new(),
        interrupted: false,
        notes: Vec::new(),
    }
}
