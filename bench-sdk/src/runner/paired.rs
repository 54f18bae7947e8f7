//! A paired comparison from its cases to its record.

use super::contest::{Contest, PILOT_LAUNCHES, PairedCase, Taken};
use super::judged::{comparisons_of, enough, identical};
use crate::clock::Stopwatch;
use crate::compare::Suite;
use crate::launch::{PairError, PairLauncher, Scouted};
use crate::record::{BrokenCase, CaseComparison, CaseId, Event, Rules, Side};
use crate::report::Fanout;
use crate::resource::Likeness;
use crate::stats::Rng;

/// Processes of each side that are sent ahead at most, where their figures do not agree: so many that
/// ranges which lie apart are no accident.
const SCOUTS: usize = 8;
/// The smallest change of the 99th percentile that matters, as a ratio.
const TAIL_MARGIN: f64 = 0.05;

/// A comparison about to happen.
pub(crate) struct PairedSession<'a> {
    pub(crate) launcher: PairLauncher,
    pub(crate) cases: Vec<PairedCase>,
    pub(crate) rules: Rules,
    pub(crate) seed: u64,
    /// Whether executables that are the same are measured all the same.
    pub(crate) measure_identical: bool,
    /// Whether instructions are counted too.
    pub(crate) instructions: bool,
    pub(crate) reporters: &'a mut Fanout,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct PairedOutcome {
    pub(crate) comparisons: Vec<CaseComparison>,
    pub(crate) broken: Vec<BrokenCase>,
    /// What each measured case took and gave.
    pub(crate) taken: Vec<Taken>,
    pub(crate) duration_ns: u64,
    /// Whether the user asked to stop.
    pub(crate) interrupted: bool,
    /// Why one side could not be started.
    pub(crate) failed: Option<String>,
}

/// Why it ends before all is judged.
enum Stop {
    Interrupted,
    Failed(String),
}

impl PairedSession<'_> {
    /// Compares all cases.
    pub(crate) fn run(mut self) -> PairedOutcome {
        let watch = Stopwatch::start();
        let mut suite = Suite::new(self.rules);
        let mut outcome = PairedOutcome::default();
        let mut contests = Vec::new();
        for case in std::mem::take(&mut self.cases) {
            if case.likeness != Likeness::Different && !self.measure_identical {
                outcome.comparisons.push(identical(&case, &self.rules));
            } else {
                let time = suite.add(self.rules.minimum_effect, self.rules.threshold);
                contests.push(Contest::new(case, time));
            }
        }
        let stop = self.compare(&mut contests, &mut suite, &mut outcome.broken).err();
        let judgements = suite.judge();
        for contest in contests.iter().filter(|contest| !contest.broken) {
            outcome.comparisons.extend(comparisons_of(contest, &judgements));
            outcome.taken.push(contest.taken());
        }
        outcome.comparisons.sort_by(|a, b| a.id.cmp(&b.id));
        outcome.broken.sort_by(|a, b| a.id.cmp(&b.id));
        outcome.duration_ns = watch.elapsed_ns() as u64;
        match stop {
            Some(Stop::Interrupted) => outcome.interrupted = true,
            Some(Stop::Failed(why)) => outcome.failed = Some(why),
            None => {}
        }
        outcome
    }

    /// Screens all cases first, then spends the rest of the time where it is still needed.
    fn compare(
        &mut self,
        contests: &mut [Contest],
        suite: &mut Suite,
        broken: &mut Vec<BrokenCase>,
    ) -> Result<(), Stop> {
        let mut rng = Rng::new(self.seed);
        let mut order: Vec<usize> = (0..contests.len()).collect();
        rng.shuffle(&mut order);
        for index in order {
            let contest = &mut contests[index];
            self.tell(&contest.case.id, 0, (index, 0));
            let prepared = self.prepare(contest);
            contain(contest, broken, prepared)?;
            if contest.has_latencies() {
                contest.p99 = Some(suite.add(TAIL_MARGIN.max(self.rules.minimum_effect), None));
            }
        }
        self.announce(contests, suite);
        let mut round = 0;
        loop {
            let is_open = |contest: &Contest| self.is_open(contest, suite);
            let mut open: Vec<usize> =
                (0..contests.len()).filter(|index| is_open(&contests[*index])).collect();
            if open.is_empty() {
                return Ok(());
            }
            round += 1;
            rng.shuffle(&mut open);
            for index in &open {
                let closed = contests.len() - open.len();
                self.tell(&contests[*index].case.id, round, (closed, open.len()));
                let contest = &mut contests[*index];
                let played = self.play(contest, suite);
                contain(contest, broken, played)?;
            }
        }
    }

    /// Whether more launches of the case are wanted and can be paid.
    fn is_open(&self, contest: &Contest, suite: &Suite) -> bool {
        let affordable = contest.spent_ns < self.rules.budget_ns as f64;
        !contest.broken && affordable && !suite.settled(contest.time)
    }

    /// Finds sizes and other resources of a case, and runs its pilot.
    fn prepare(&mut self, contest: &mut Contest) -> Result<(), PairError> {
        let watch = Stopwatch::start();
        let [baseline, candidate] = self.scout(contest)?;
        contest.spent_ns = watch.elapsed_ns();
        contest.settle_size(&baseline, &candidate, self.rules.budget_ns as f64);
        for _ in 0..PILOT_LAUNCHES {
            let watch = Stopwatch::start();
            let Some(plan) = contest.plan().copied() else { break };
            let launch = self.launcher.launch(
                contest.case.id.as_str(),
                contest.case.executables.each_ref(),
                &crate::launch::PairPlan { latencies: None, ..plan },
            )?;
            contest.spent_ns += watch.elapsed_ns();
            contest.take_pilot(&launch, &self.rules);
        }
        Ok(())
    }

    /// Sends processes of both sides ahead, a few times where their figures do not agree; gives what
    /// the first ones found.
    fn scout(&mut self, contest: &mut Contest) -> Result<[Scouted; 2], PairError> {
        let mut first = None;
        for turn in 0..SCOUTS {
            let case = &contest.case;
            let mut send = |side: Side, at: usize| {
                let executable = &case.executables[at];
                self.launcher.scout(case.id.as_str(), executable, side, case.timeout)
            };
            let (baseline, candidate) = if turn % 2 == 0 {
                let baseline = send(Side::Baseline, 0)?;
                (baseline, send(Side::Candidate, 1)?)
            } else {
                let candidate = send(Side::Candidate, 1)?;
                (send(Side::Baseline, 0)?, candidate)
            };
            contest.figures[0].push(baseline.figures.clone());
            contest.figures[1].push(candidate.figures.clone());
            if let Some(why) = contest.measures_something_else() {
                return Err(PairError::Broken(Side::Candidate, why));
            }
            first = first.or(Some([baseline, candidate]));
            if enough(&contest.case.id, &contest.figures) {
                break;
            }
        }
        if self.instructions {
            self.count_instructions(contest)?;
        }
        first.ok_or(PairError::Interrupted)
    }

    fn count_instructions(&mut self, contest: &mut Contest) -> Result<(), PairError> {
        let case = &contest.case;
        for (at, side) in [(0, Side::Baseline), (1, Side::Candidate)] {
            let executable = &case.executables[at];
            let counted =
                self.launcher.instructions(case.id.as_str(), executable, side, case.timeout)?;
            for figures in &mut contest.figures[at] {
                figures.retain(|(name, _)| counted.iter().all(|(other, _)| other != name));
                figures.extend(counted.iter().cloned());
            }
        }
        Ok(())
    }

    /// Runs one launch of a case and hands its values to the suite.
    fn play(&mut self, contest: &mut Contest, suite: &mut Suite) -> Result<(), PairError> {
        let Some(plan) = contest.plan().copied() else { return Ok(()) };
        let watch = Stopwatch::start();
        let executables = contest.case.executables.each_ref();
        let launch = self.launcher.launch(contest.case.id.as_str(), executables, &plan)?;
        let launch_ns = watch.elapsed_ns();
        contest.spent_ns += launch_ns;
        contest.played_ns += launch_ns;
        let (time, p99) = contest.take(&launch);
        if let Some(d) = time {
            suite.push(contest.time, d);
        }
        if let (Some(index), Some(d)) = (contest.p99, p99) {
            suite.push(index, d);
        }
        Ok(())
    }

    /// Says what the budgets are expected to show, before they are spent.
    fn announce(&mut self, contests: &mut [Contest], suite: &Suite) {
        let mut effects = Vec::new();
        for contest in contests.iter_mut().filter(|contest| !contest.broken) {
            let expected = contest.expected;
            contest.announced =
                expected.and_then(|(scatter, launches)| suite.outlook(scatter, launches));
            effects.extend(contest.announced.map(|effect| (contest.case.id.clone(), effect)));
        }
        self.reporters.send(&Event::ComparisonPlanned { rules: self.rules, effects });
    }

    fn tell(&mut self, id: &CaseId, launch: u32, (closed, open): (usize, usize)) {
        self.reporters.send(&Event::ComparisonProgress {
            id: id.clone(),
            launch,
            closed: closed as u32,
            cases: (closed + open) as u32,
        });
    }
}

/// Lets a case that broke cost nothing but itself.
fn contain(
    contest: &mut Contest,
    broken: &mut Vec<BrokenCase>,
    outcome: Result<(), PairError>,
) -> Result<(), Stop> {
    match outcome {
        Ok(()) => Ok(()),
        Err(PairError::Interrupted) => Err(Stop::Interrupted),
        Err(PairError::Start(side, error)) => {
            let side = match side {
                Side::Baseline => "baseline",
                Side::Candidate => "candidate",
            };
            Err(Stop::Failed(format!("failed to start a process of the {side}: {error}")))
        }
        Err(PairError::Broken(side, why)) => {
            contest.broken = true;
            let (id, message) = (contest.case.id.clone(), why.to_string());
            broken.push(BrokenCase { id, side, message });
            Ok(())
        }
    }
}
