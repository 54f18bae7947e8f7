//! One run: launch after launch, every case of it in random order.

use crate::analysis::{
    Conditions, Measured, broken_record, common_absences, fit_scaling, interval_of_launches,
    launch_value, note_ignored_sizes, run_notes, skipped_record, summarise,
};
use crate::bencher::{Broken, Sampling};
use crate::clock::Stopwatch;
use crate::launch::{LaunchError, Launcher, Order, Outcome};
use crate::plan::{Plan, PlannedCase};
use crate::record::{
    CaseId, CaseRecord, Environment, Event, Mode, Note, PlanSummary, Position, RunHeader,
    RunRecord, SCHEMA, Status, metric_name,
};
use crate::registry::Catalog;
use crate::report::Fanout;
use crate::resource::Course;
use crate::stats::{Rng, median};

/// Launches that are added at most to reach a target interval, as a multiple of those asked for.
const MAX_GROWTH: u32 = 8;
/// The least such limit.
const MIN_LAUNCH_LIMIT: u32 = 64;
/// No estimate of the time left before this share is done.
const ESTIMABLE_SHARE: f64 = 0.03;

/// A run about to happen.
pub(crate) struct Session<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) plan: Plan,
    pub(crate) header: RunHeader,
    pub(crate) environment: Environment,
    pub(crate) reporters: &'a mut Fanout,
    /// Whether the first broken case ends the run.
    pub(crate) fail_fast: bool,
}

/// Why a run ended before everything was measured.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The user asked.
    Interrupted,
    /// Workers cannot be started.
    Launch(String),
}

/// One case on its way.
struct Progress {
    case: PlannedCase,
    measured: Measured,
    broken: Option<Broken>,
    reported: bool,
}

impl Session<'_> {
    /// Measures everything; the record is complete but not yet kept or announced as finished.
    pub(crate) fn run(mut self, launcher: &mut dyn Launcher) -> (RunRecord, Option<Stop>) {
        let watch = Stopwatch::start();
        let course = Course::start(&mut self.environment);
        self.header.notes = run_notes(&self.header, &self.environment);
        self.announce();
        let test = self.header.mode == Mode::Test;
        let mut rng = Rng::new(self.header.seed);
        let cases = std::mem::take(&mut self.plan.cases);
        let mut progress: Vec<Progress> = cases.into_iter().map(Progress::new).collect();
        let mut records = self.planning_failures();
        let mut stop = None;
        let mut launch = 0;
        'run: loop {
            let mut pending: Vec<usize> =
                (0..progress.len()).filter(|index| progress[*index].wants_more()).collect();
            if pending.is_empty() || (self.fail_fast && !records.is_empty()) {
                break;
            }
            launch += 1;
            rng.shuffle(&mut pending);
            for index in pending {
                let position = position(&progress, launch, &watch);
                let id = progress[index].case.id.clone();
                self.reporters.send(&Event::CaseStarted { id: id.clone(), position });
                let order = order(self.catalog, &progress[index].case, test, rng.next_u64());
                match launcher.measure(order) {
                    Ok(outcome) => progress[index].take(outcome),
                    Err(error) => {
                        stop = Some(Stop::of(&error));
                        break 'run;
                    }
                }
                if progress[index].wants_more() {
                    self.reporters.send(&Event::Progress { id, position });
                } else {
                    if let Err(error) = self.count_instructions(&mut progress[index], launcher) {
                        stop = Some(Stop::of(&error));
                        break 'run;
                    }
                    let record = self.conclude(&mut progress[index]);
                    let broke = record.status.is_broken();
                    records.push(record);
                    if broke && self.fail_fast {
                        break 'run;
                    }
                }
            }
        }
        self.conclude_rest(&mut progress, &mut records, stop.as_ref());
        course.finish(&mut self.environment);
        (self.record(records, &progress, &watch, stop.as_ref()), stop)
    }

    fn announce(&mut self) {
        self.header.registered = self.plan.registered;
        self.header.skipped = std::mem::take(&mut self.plan.skipped);
        let ids = self.plan.cases.iter().map(|case| case.id.clone());
        let mut crates: Vec<String> =
            self.plan.cases.iter().map(|case| case.crate_name.clone()).collect();
        crates.sort();
        crates.dedup();
        let plan = PlanSummary { cases: ids.collect(), crates, registered: self.plan.registered };
        let (run, environment) = (self.header.clone(), self.environment.clone());
        self.reporters.send(&Event::RunStarted { run, environment, plan });
    }

    /// Records of benchmarks whose arguments could not be evaluated.
    fn planning_failures(&mut self) -> Vec<CaseRecord> {
        let broken = std::mem::take(&mut self.plan.broken);
        let record = |error: crate::plan::PlanningError| {
            let record = broken_record(&error.case, Broken::Panicked { message: error.message });
            self.reporters.send(&Event::CaseFailed { record: record.clone() });
            record
        };
        broken.into_iter().map(record).collect()
    }

    /// Has Callgrind count the instructions of a case that is measured, where that was asked for.
    fn count_instructions(
        &self,
        progress: &mut Progress,
        launcher: &mut dyn Launcher,
    ) -> Result<(), LaunchError> {
        if !progress.case.settings.instructions || progress.broken.is_some() {
            return Ok(());
        }
        let order = order(self.catalog, &progress.case, false, self.header.seed);
        let outcome = launcher.count_instructions(order)?;
        progress.measured.instructions = Some(counted_instructions(outcome));
        Ok(())
    }

    /// The record of a case of which no more launches come.
    fn conclude(&mut self, progress: &mut Progress) -> CaseRecord {
        progress.reported = true;
        let record = if let Some(broken) = progress.broken.take() {
            broken_record(&progress.case, broken)
        } else {
            summarise(&progress.case, &progress.measured, self.conditions())
        };
        let event = if record.status == Status::Measured {
            Event::CaseFinished { record: record.clone() }
        } else {
            Event::CaseFailed { record: record.clone() }
        };
        self.reporters.send(&event);
        record
    }

    fn conditions(&self) -> Conditions {
        let test = self.header.mode == Mode::Test;
        Conditions { optimized: self.header.optimized, test }
    }

    /// What a stopped run still knows of its cases.
    fn conclude_rest(
        &mut self,
        progress: &mut [Progress],
        records: &mut Vec<CaseRecord>,
        stop: Option<&Stop>,
    ) {
        let reason = match stop {
            Some(Stop::Interrupted) => "the run was interrupted",
            Some(Stop::Launch(_)) => "no worker could be started",
            None => "an earlier case failed, and --fail-fast was given",
        };
        for case in progress.iter_mut().filter(|case| !case.reported) {
            if case.measured.launches.is_empty() {
                records.push(skipped_record(&case.case, reason));
            } else {
                records.push(self.conclude(case));
            }
        }
    }

    fn record(
        mut self,
        mut cases: Vec<CaseRecord>,
        progress: &[Progress],
        watch: &Stopwatch,
        stop: Option<&Stop>,
    ) -> RunRecord {
        cases.sort_by(|a, b| a.id.cmp(&b.id));
        self.header.absent = common_absences(&mut cases);
        if self.header.optimized && self.header.mode != Mode::Test {
            note_ignored_sizes(&mut cases);
        }
        let anchors = progress.iter().flat_map(|case| &case.measured.anchors_ns);
        let anchors: Vec<f64> = anchors.filter_map(|anchor| *anchor).collect();
        self.header.anchor_ns = median(&anchors);
        self.header.duration_ns = watch.elapsed_ns() as u64;
        self.header.interrupted = matches!(stop, Some(Stop::Interrupted));
        self.header.failed_reporters = self.reporters.failures();
        self.header.notes = run_notes(&self.header, &self.environment);
        if let Some(Stop::Launch(error)) = stop {
            self.header.notes.push(Note::warning("no_worker", error.clone()));
        }
        let scaling = fit_scaling(&cases, self.conditions(), self.header.seed);
        let (run, environment) = (self.header, self.environment);
        RunRecord { schema: SCHEMA, run, environment, cases, scaling }
    }
}

impl Stop {
    fn of(error: &LaunchError) -> Self {
        match error {
            LaunchError::Interrupted => Self::Interrupted,
            LaunchError::Start(_) => Self::Launch(error.to_string()),
        }
    }
}

impl Progress {
    fn new(case: PlannedCase) -> Self {
        Self { case, measured: Measured::default(), broken: None, reported: false }
    }

    fn take(&mut self, outcome: Outcome) {
        match outcome.result {
            Ok(samples) => {
                self.measured.launches.push(samples);
                self.measured.anchors_ns.push(outcome.anchor_ns);
            }
            Err(broken) => self.broken = Some(broken),
        }
    }

    /// Whether more launches of it come.
    fn wants_more(&self) -> bool {
        if self.broken.is_some() || self.reported {
            return false;
        }
        let done = self.measured.launches.len() as u32;
        let asked = self.case.settings.launches;
        let Some(target) = self.case.settings.target_ci else { return done < asked };
        let limit = asked.saturating_mul(MAX_GROWTH).max(MIN_LAUNCH_LIMIT);
        done < asked || (done < limit && !self.is_narrow(target))
    }

    fn is_narrow(&self, target: f64) -> bool {
        let medians: Vec<f64> = self.measured.launches.iter().filter_map(launch_value).collect();
        let Some(middle) = median(&medians) else { return false };
        interval_of_launches(&medians, true)
            .is_some_and(|interval| (interval.high - interval.low) / 2.0 <= target * middle)
    }
}

/// The order for one launch of the case.
pub(crate) fn order(catalog: &Catalog, case: &PlannedCase, test: bool, seed: u64) -> Order {
    Order {
        id: case.id.clone(),
        entrant: case.place.entrant,
        index: case.place.index,
        entrant_id: catalog
            .entrants
            .get(case.place.entrant)
            .map_or_else(|| CaseId::from(""), |entrant| entrant.id.clone()),
        label: case.args.first().cloned(),
        threads: case.threads,
        sampling: Sampling::of(&case.settings, test),
        counters: case.counters.clone(),
        token: 0,
        seed,
        timeout_ns: case.settings.timeout_ns,
    }
}

/// The count, or in one line why there is none.
fn counted_instructions(outcome: Outcome) -> Result<f64, String> {
    let told = |broken: Broken| {
        let text = broken.to_string();
        format!("under Callgrind it {}", text.lines().next().unwrap_or_default())
    };
    let samples = outcome.result.map_err(told)?;
    let found = samples.usage.iter().find(|(name, _)| name == metric_name::INSTRUCTIONS);
    found.map(|(_, count)| *count).ok_or_else(|| "Callgrind counted nothing".to_owned())
}

/// How far the run is, counted in launches of cases.
fn position(progress: &[Progress], launch: u32, watch: &Stopwatch) -> Position {
    let asked = |case: &Progress| f64::from(case.case.settings.launches);
    let share = |case: &Progress| {
        if case.reported {
            asked(case)
        } else {
            (case.measured.launches.len() as f64).min(asked(case))
        }
    };
    let total: f64 = progress.iter().map(asked).sum();
    let done = progress.iter().map(share).sum::<f64>() / total.max(1.0);
    let launches = progress.iter().map(|case| case.case.settings.launches).max().unwrap_or(1);
    let elapsed_s = watch.elapsed().as_secs_f64();
    let left_s = (done >= ESTIMABLE_SHARE).then(|| elapsed_s / done * (1.0 - done));
    Position { launch, launches: launches.max(launch), done, left_s }
}
