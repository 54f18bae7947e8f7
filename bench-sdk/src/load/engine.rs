//! A whole run: threads, ticks, and the end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use tokio::sync::watch;

use super::course::Course;
use super::executor::{Common, Share};
use super::ledger::{Ledger, Noted};
use super::recorder::locked;
use super::stop::Stop;
use super::target::Target;
use super::thread::{Said, Work};
use super::timeline::Timeline;
use crate::clock::RunClock;
use crate::record::load::{LoadPlan, Tick};
use crate::resource::Watched;
use crate::stats::Metrics;

/// How often the threads' ledgers are taken.
const TICK_NS: u64 = 1_000_000_000;

/// What is known after a tick.
pub(crate) struct Step<'a> {
    /// The tick.
    pub(crate) tick: &'a Tick,
    /// Everything since the start.
    pub(crate) totals: &'a Metrics,
    /// What came in this tick.
    pub(crate) interval: &'a Metrics,
}

/// Whether a run goes on.
pub(crate) enum Go {
    /// It does.
    On,
    /// No new iterations from now on, for that reason.
    Abort(String),
}

/// What a run leaves.
pub(crate) struct Finished {
    /// How long it took, from the first scenario's time zero to the last iteration's end.
    pub(crate) elapsed_ns: u64,
    /// All metrics.
    pub(crate) totals: Metrics,
    /// Errors, checks and scenarios.
    pub(crate) noted: Noted,
    /// Its ticks.
    pub(crate) timeline: Vec<Tick>,
    /// Why it ended before its time, where it did.
    pub(crate) aborted: Option<String>,
    /// Most virtual users at a time, by the number of the scenario.
    pub(crate) vus_max: Vec<u64>,
}

/// What a run works with.
pub(crate) struct Equipment {
    /// Threads that run virtual users.
    pub(crate) threads: u64,
    /// What else is watched while it runs, usually the server.
    pub(crate) watched: Option<Watched>,
}

/// Runs a plan against a target, and calls `on_step` after each second and at
/// the end. Returns when everything has ended. An error says what could not be started.
pub(crate) fn run<T: Target>(
    target: &Arc<T>,
    plan: &LoadPlan,
    equipment: &Equipment,
    stop: &Stop,
    on_step: &mut dyn FnMut(&Step<'_>) -> Go,
) -> Result<Finished, String> {
    let plan = Arc::new(plan.clone());
    let mut run = Run::new(&plan, equipment, stop.clone());
    std::thread::scope(|scope| {
        for (index, ledger) in (0_u64..).zip(&run.ledgers) {
            let work = Work {
                target: Arc::clone(target),
                plan: Arc::clone(&plan),
                share: Share { index, of: run.ledgers.len() as u64 },
                clock: run.clock,
                stop: stop.clone(),
                ledger: Arc::clone(ledger),
                common: run.common.clone(),
                numbers: Arc::clone(&run.numbers),
                fault: Arc::clone(&run.fault),
                epoch: run.epoch.subscribe(),
                said: run.said.clone(),
            };
            let named = std::thread::Builder::new().name(format!("load-{index}"));
            named
                .spawn_scoped(scope, || work.run())
                .map_err(|error| format!("a thread of the generator could not start: {error}"))?;
        }
        run.conduct(on_step)
    })?;
    Ok(run.finish())
}

struct Run {
    plan: Arc<LoadPlan>,
    clock: RunClock,
    stop: Stop,
    ledgers: Vec<Arc<Mutex<Ledger>>>,
    common: Vec<Arc<Common>>,
    numbers: Arc<AtomicU64>,
    fault: Arc<Mutex<Option<String>>>,
    epoch: watch::Sender<Option<u64>>,
    said: mpsc::Sender<Said>,
    heard: mpsc::Receiver<Said>,
    epoch_ns: u64,
    timeline: Timeline,
    course: Course,
    aborted: Option<String>,
}

impl Run {
    fn new(plan: &Arc<LoadPlan>, equipment: &Equipment, stop: Stop) -> Self {
        let threads = equipment.threads.max(1);
        let scenarios = plan.scenarios.len();
        let ledger = || Arc::new(Mutex::new(Ledger::new(&plan.thresholds, scenarios)));
        let (said, heard) = mpsc::channel();
        Self {
            plan: Arc::clone(plan),
            clock: RunClock::start(),
            stop,
            ledgers: (0..threads).map(|_| ledger()).collect(),
            common: (0..scenarios).map(|_| Arc::new(Common::new(threads))).collect(),
            numbers: Arc::default(),
            fault: Arc::default(),
            epoch: watch::Sender::new(None),
            said,
            heard,
            epoch_ns: 0,
            timeline: Timeline::new(scenarios),
            course: Course::new(equipment.watched.clone()),
            aborted: None,
        }
    }

    fn conduct(&mut self, on_step: &mut dyn FnMut(&Step<'_>) -> Go) -> Result<(), String> {
        let threads = self.ledgers.len();
        if let Err(why) = self.await_ready(threads) {
            // Those that wait for the start see that nobody will give it.
            self.epoch = watch::Sender::new(None);
            self.stop.now();
            return Err(why);
        }
        self.epoch_ns = self.clock.now_ns();
        self.course.start();
        self.epoch.send_replace(Some(self.epoch_ns));
        let mut running = threads;
        let mut next_ns = self.epoch_ns + TICK_NS;
        while running > 0 {
            let ahead = Duration::from_nanos(next_ns.saturating_sub(self.clock.now_ns()));
            match self.heard.recv_timeout(ahead) {
                Ok(Said::Done) => running -= 1,
                Ok(Said::Failed(why)) => {
                    running -= 1;
                    self.abort(why);
                    self.stop.now();
                }
                Ok(Said::Ready(_)) => {}
                Err(_) => {
                    self.step(true, on_step);
                    // A step that took longer is not made up for.
                    next_ns = (next_ns + TICK_NS).max(self.clock.now_ns());
                }
            }
        }
        self.step(false, on_step);
        Ok(())
    }

    fn await_ready(&mut self, threads: usize) -> Result<(), String> {
        for _ in 0..threads {
            match self.heard.recv() {
                Ok(Said::Failed(why)) => return Err(why),
                Ok(Said::Ready(id)) => self.course.follow(id),
                Ok(Said::Done) => {}
                Err(_) => return Err("the threads of the generator are gone".to_owned()),
            }
        }
        Ok(())
    }

    /// Takes the ledgers and says what is in them.
    fn step(&mut self, running: bool, on_step: &mut dyn FnMut(&Step<'_>) -> Go) {
        let (mut interval, mut noted) = (Metrics::new(), Noted::default());
        for ledger in &self.ledgers {
            locked(ledger).drain_into(&mut interval, &mut noted);
        }
        let at_ns = self.clock.now_ns() - self.epoch_ns;
        // At the end nobody is left, which tells nothing.
        if running || self.timeline.is_empty() {
            self.timeline.users(&self.common, &mut interval);
        }
        let idle_ns = self.common.iter().map(|one| one.idle_ns.swap(0, Ordering::Relaxed)).sum();
        let used = self.course.step(idle_ns);
        self.timeline.push(&self.plan, at_ns, &interval, noted, used);
        let go = self.timeline.step(&interval).map_or(Go::On, |step| on_step(&step));
        if let Go::Abort(why) = go {
            self.abort(why);
            self.stop.gracefully();
        }
    }

    fn abort(&mut self, why: String) {
        self.aborted.get_or_insert(why);
    }

    fn finish(self) -> Finished {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.timeline.finish(fault.or(self.aborted))
    }
}

/// Sum of a number over the scenarios of a run.
pub(super) fn sum_of(common: &[Arc<Common>], of: impl Fn(&Common) -> &AtomicU64) -> u64 {
    common.iter().map(|common| of(common).load(Ordering::Relaxed)).sum()
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
