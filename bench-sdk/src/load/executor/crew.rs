//! The virtual users of one scenario on one thread, and what they have in common.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::flight::Flight;
use super::pool::Mailboxes;
use crate::clock::RunClock;
use crate::load::race::{First, race, watched};
use crate::load::recorder::{IterationTimes, Recorder};
use crate::load::schedule::phase_at;
use crate::load::stop::Stop;
use crate::load::target::{Seat, Target, Turn, User};
use crate::record::load::{Scenario, Tags};

/// Which part of a scenario's work a thread does: every `of`th piece from `index` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// Which one, from 0.
    pub(crate) index: u64,
    /// How many there are.
    pub(crate) of: u64,
}

impl Share {
    /// How many of `pieces` pieces belong to it.
    pub(crate) fn count(self, pieces: u64) -> u64 {
        (pieces + self.of - 1 - self.index) / self.of
    }
}

/// What the threads of one scenario share.
pub(crate) struct Common {
    /// Iterations begun, where they are shared out.
    pub(super) begun: AtomicU64,
    /// Virtual users that are at work.
    pub(crate) active: AtomicU64,
    /// Virtual users that are made ready.
    pub(crate) ready: AtomicU64,
    /// Iterations under way.
    pub(crate) in_flight: AtomicU64,
    /// Processor time that was spent waiting awake with nothing to do, in nanoseconds.
    pub(crate) idle_ns: AtomicU64,
    /// Threads that have not left the scenario.
    pub(super) staying: AtomicU64,
    /// Ways to hand an arrival to another thread.
    pub(super) mailboxes: Mailboxes,
}

impl Common {
    /// For that many threads.
    pub(crate) fn new(threads: u64) -> Self {
        Self {
            begun: AtomicU64::new(0),
            active: AtomicU64::new(0),
            ready: AtomicU64::new(0),
            in_flight: AtomicU64::new(0),
            idle_ns: AtomicU64::new(0),
            staying: AtomicU64::new(threads),
            mailboxes: Mailboxes::new(threads),
        }
    }
}

/// A virtual user and where it records.
pub(crate) struct Member<U> {
    pub(super) user: U,
    pub(super) recorder: Recorder,
    pub(super) done: u64,
}

/// The virtual users of one scenario on one thread.
pub(crate) struct Crew<T: Target> {
    pub(crate) target: Arc<T>,
    pub(crate) scenario: Rc<Scenario>,
    pub(crate) share: Share,
    pub(crate) recorder: Recorder,
    pub(crate) common: Arc<Common>,
    pub(crate) stop: Stop,
    /// The start of the run, by the run's clock; the scenario starts `start_time_ns` later.
    pub(crate) epoch_ns: Cell<u64>,
    /// Numbers of virtual users, shared by the whole run.
    pub(crate) numbers: Arc<AtomicU64>,
    /// Seed of the run.
    pub(crate) seed: u64,
    /// Whether iterations belong to phases.
    pub(crate) phased: bool,
    /// What ended the run, where something did.
    pub(crate) fault: Arc<std::sync::Mutex<Option<String>>>,
    pub(super) begun_here: Cell<u64>,
    env: Rc<Tags>,
}

impl<T: Target> Crew<T> {
    /// A crew that has not begun; without virtual users yet.
    #[expect(clippy::too_many_arguments, reason = "built in one place, each part is its own")]
    pub(crate) fn new(
        target: Arc<T>,
        scenario: Rc<Scenario>,
        share: Share,
        recorder: Recorder,
        common: Arc<Common>,
        stop: Stop,
        numbers: Arc<AtomicU64>,
        seed: u64,
        fault: Arc<std::sync::Mutex<Option<String>>>,
    ) -> Self {
        let env = Rc::new(scenario.env.clone());
        let phased = !scenario.phases.is_empty() || matches_stages(&scenario);
        Self {
            target,
            scenario,
            share,
            recorder,
            common,
            stop,
            epoch_ns: Cell::new(0),
            numbers,
            seed,
            phased,
            fault,
            begun_here: Cell::new(0),
            env,
        }
    }

    /// Makes a virtual user ready.
    pub(crate) async fn member(&self) -> Result<Member<T::User>, String> {
        let vu = self.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let recorder = self.recorder.for_user();
        let seed = self.seed ^ vu.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let seat = Seat { vu, recorder: recorder.clone(), seed, env: Rc::clone(&self.env) };
        let user = self.target.user(seat).await?;
        self.common.ready.fetch_add(1, Ordering::Relaxed);
        Ok(Member { user, recorder, done: 0 })
    }

    pub(super) fn clock(&self) -> RunClock {
        self.recorder.clock()
    }

    /// The start of the scenario, by the run's clock.
    pub(super) fn starts_ns(&self) -> u64 {
        self.epoch_ns.get() + self.scenario.start_time_ns
    }

    /// When the last new iteration may start, by the run's clock.
    pub(super) fn ends_ns(&self) -> u64 {
        self.starts_ns().saturating_add(self.scenario.executor.duration_ns())
    }

    /// Whether a new iteration may start that must start before that instant.
    pub(super) fn may_start(&self, until_ns: u64) -> bool {
        !self.stop.is_stopping() && self.recorder.now_ns() < until_ns
    }

    /// Waits until an instant, or until the run is stopped: false then.
    pub(super) async fn wait_until(&self, at_ns: u64) -> bool {
        if self.recorder.now_ns() >= at_ns {
            return !self.stop.is_stopping();
        }
        let arrived = race(self.stop.stopping(), self.clock().until(at_ns)).await;
        matches!(arrived, First::Right(()))
    }

    /// The number of the next iteration, each thread counting by its own stride.
    pub(super) fn next_number(&self) -> u64 {
        let nth = self.begun_here.get();
        self.begun_here.set(nth + 1);
        nth * self.share.of + self.share.index
    }

    /// Runs one iteration of a virtual user and records it.
    pub(super) async fn iterate(
        &self,
        member: &mut Member<T::User>,
        of_scenario: u64,
        planned_ns: Option<u64>,
    ) {
        let Member { user, recorder, done } = member;
        let sent_ns = recorder.now_ns();
        if self.phased {
            let began = planned_ns.unwrap_or(sent_ns).saturating_sub(self.starts_ns());
            recorder.enter(Some(phase_at(&self.scenario, began)));
        }
        let turn = Turn { of_user: *done, of_scenario };
        *done += 1;
        let flight = Flight::start(recorder, &self.common.in_flight, planned_ns.is_some());
        let ended = watched(user.iterate(turn)).await;
        flight.land();
        let ended_ns = recorder.now_ns();
        recorder.iteration(IterationTimes { planned_ns, sent_ns, ended_ns }, ended.value);
        let rest_ns = if planned_ns.is_none() { user.rest_ns() } else { 0 };
        if rest_ns > 0 {
            self.wait_until(ended_ns.saturating_add(rest_ns).min(self.ends_ns())).await;
        } else if !ended.waited {
            // It gave way to nobody, and is about to run again.
            tokio::task::yield_now().await;
        }
    }

    /// Ends the run because something cannot go on; the first one to say so is heard.
    pub(super) fn give_up(&self, why: String) {
        let mut fault = self.fault.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        fault.get_or_insert(why);
        self.stop.now();
    }
}

fn matches_stages(scenario: &Scenario) -> bool {
    use crate::record::load::Executor;
    matches!(scenario.executor, Executor::RampingVus { .. } | Executor::RampingArrivalRate { .. })
}
