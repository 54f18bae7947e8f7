//! Scenarios under a clock that only moves when all wait.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail by panicking")]

use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use super::conduct;
use super::crew::{Common, Crew, Share};
use crate::clock::RunClock;
use crate::load::ledger::{Ledger, Noted};
use crate::load::recorder::{Recorder, locked};
use crate::load::stop::Stop;
use crate::load::target::{Outcome, Seat, Target, Turn, User};
use crate::record::load::{Executor, Scenario, Tags};
use crate::stats::{Metrics, Series};

pub(super) const MS: u64 = 1_000_000;
pub(super) const SECOND: u64 = 1_000_000_000;

/// An iteration that was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Started {
    pub(super) vu: u64,
    pub(super) number: u64,
    pub(super) at_ms: u64,
}

/// How long the iteration of a virtual user takes, in milliseconds.
type Takes = Arc<dyn Fn(u64, Turn) -> u64 + Send + Sync>;

/// A target whose iterations take as long as they are told.
pub(super) struct Sleeper {
    takes: Takes,
    /// How long a virtual user takes to get ready.
    readying_ms: u64,
    started: Arc<Mutex<Vec<Started>>>,
}

pub(super) struct Dreamer {
    seat: Seat,
    takes: Takes,
    started: Arc<Mutex<Vec<Started>>>,
}

impl Target for Sleeper {
    type User = Dreamer;

    async fn user(&self, seat: Seat) -> Result<Dreamer, String> {
        tokio::time::sleep(Duration::from_millis(self.readying_ms)).await;
        let (takes, started) = (Arc::clone(&self.takes), Arc::clone(&self.started));
        Ok(Dreamer { seat, takes, started })
    }
}

impl User for Dreamer {
    async fn iterate(&mut self, turn: Turn) -> Outcome {
        let at_ms = self.seat.recorder.now_ns() / MS;
        let started = Started { vu: self.seat.vu, number: turn.of_scenario, at_ms };
        self.started.lock().expect("no panic").push(started);
        tokio::time::sleep(Duration::from_millis((self.takes)(self.seat.vu, turn))).await;
        Outcome::Passed
    }
}

/// The whole thread stands still for so long.
pub(super) fn stall(ms: u64) {
    let advance = pin!(tokio::time::advance(Duration::from_millis(ms)));
    let _ = advance.poll(&mut Context::from_waker(Waker::noop()));
}

/// What came of a scenario.
pub(super) struct Seen {
    pub(super) started: Vec<Started>,
    pub(super) metrics: Metrics,
    pub(super) noted: Noted,
    pub(super) ended_ms: u64,
    pub(super) fault: Option<String>,
}

impl Seen {
    pub(super) fn at_ms(&self) -> Vec<u64> {
        self.started.iter().map(|started| started.at_ms).collect()
    }

    /// Full, interrupted and dropped iterations.
    pub(super) fn counts(&self) -> (u64, u64, u64) {
        let counts = self.noted.scenarios[0];
        (counts.full, counts.interrupted, counts.dropped)
    }

    pub(super) fn trend(&self, name: &str) -> &crate::stats::Distribution {
        match self.metrics.get(name) {
            Some(Series::Trend { values, .. }) => values,
            other => panic!("{name} is {other:?}"),
        }
    }
}

/// A scenario to be tried.
pub(super) struct Trial {
    pub(super) scenario: Scenario,
    pub(super) takes: Takes,
    pub(super) readying_ms: u64,
    pub(super) threads: u64,
    /// When the run is stopped gracefully, and when at once.
    pub(super) stops_ms: (Option<u64>, Option<u64>),
}

pub(super) fn trial(executor: Executor, takes: fn(u64, Turn) -> u64) -> Trial {
    let scenario = Scenario {
        name: "trial".to_owned(),
        executor,
        start_time_ns: 0,
        graceful_stop_ns: 30 * SECOND,
        exec: None,
        env: Tags::new(),
        tags: Tags::new(),
        phases: Vec::new(),
    };
    Trial { scenario, takes: Arc::new(takes), readying_ms: 0, threads: 1, stops_ms: (None, None) }
}

impl Trial {
    pub(super) fn graceful_stop(mut self, ms: u64) -> Self {
        self.scenario.graceful_stop_ns = ms * MS;
        self
    }

    /// Runs it from 0 on to its end.
    pub(super) fn run(self) -> Seen {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let tasks = tokio::task::LocalSet::new();
        let ledger = Arc::new(Mutex::new(Ledger::new(&[], 1)));
        let started = Arc::default();
        let fault = Arc::default();
        let ended_ms = tasks.block_on(&runtime, self.conduct(&ledger, &started, &fault));
        drop(tasks);
        let (mut metrics, mut noted) = (Metrics::new(), Noted::default());
        locked(&ledger).drain_into(&mut metrics, &mut noted);
        noted.scenarios.resize_with(1, Default::default);
        let started = started.lock().expect("no panic").clone();
        let fault = fault.lock().expect("no panic").clone();
        Seen { started, metrics, noted, ended_ms, fault }
    }

    async fn conduct(
        self,
        ledger: &Arc<Mutex<Ledger>>,
        started: &Arc<Mutex<Vec<Started>>>,
        fault: &Arc<Mutex<Option<String>>>,
    ) -> u64 {
        let (clock, stop, numbers) = (RunClock::start(), Stop::default(), Arc::default());
        let common = Arc::new(Common::new(self.threads));
        let target = Arc::new(Sleeper {
            takes: self.takes,
            readying_ms: self.readying_ms,
            started: Arc::clone(started),
        });
        let mut crews = Vec::new();
        for index in 0..self.threads {
            let crew = Rc::new(Crew::new(
                Arc::clone(&target),
                Rc::new(self.scenario.clone()),
                Share { index, of: self.threads },
                Recorder::new(Arc::clone(ledger), clock, 0, Tags::new()),
                Arc::clone(&common),
                stop.clone(),
                Arc::clone(&numbers),
                7,
                Arc::clone(fault),
            ));
            let mut members = Vec::new();
            for _ in 0..crew.share.count(crate::load::thread::ready_users(&self.scenario.executor))
            {
                members.push(crew.member().await.expect("always ready"));
            }
            crews.push((crew, members));
        }
        let epoch_ns = clock.now_ns();
        for (at_ms, now) in [(self.stops_ms.0, false), (self.stops_ms.1, true)] {
            let Some(at_ms) = at_ms else { continue };
            let stop = stop.clone();
            tokio::task::spawn_local(async move {
                tokio::time::sleep(Duration::from_millis(at_ms)).await;
                if now { stop.now() } else { stop.gracefully() }
            });
        }
        let mut running = Vec::new();
        for (crew, members) in crews {
            crew.epoch_ns.set(epoch_ns);
            running.push(tokio::task::spawn_local(conduct(crew, members)));
        }
        for crew in running {
            crew.await.expect("no panic");
        }
        (clock.now_ns() - epoch_ns) / MS
    }
}
