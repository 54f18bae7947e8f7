//! Where virtual users record what happens to them.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ledger::{Ledger, TagSet};
use super::request::RequestSample;
use super::target::Outcome;
use crate::clock::RunClock;
use crate::record::load::{Builtin, MetricKind, MetricUnit, Phase, Tags};

/// A virtual user's way into the ledger of its thread. Clones share all of it.
#[derive(Clone)]
pub(crate) struct Recorder {
    ledger: Arc<Mutex<Ledger>>,
    clock: RunClock,
    scenario: usize,
    base: Rc<Tags>,
    untagged: TagSet,
    phase: Rc<Cell<Option<Phase>>>,
}

/// The times of an iteration, in nanoseconds from the start of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IterationTimes {
    /// When it was to start, in open scenarios.
    pub(crate) planned_ns: Option<u64>,
    /// When it started.
    pub(crate) sent_ns: u64,
    /// When it ended.
    pub(crate) ended_ns: u64,
}

impl Recorder {
    /// A recorder of the virtual users of the scenario with that number; its samples carry `base`.
    pub(crate) fn new(
        ledger: Arc<Mutex<Ledger>>,
        clock: RunClock,
        scenario: usize,
        base: Tags,
    ) -> Self {
        let untagged = locked(&ledger).tag_set(&base);
        let base = Rc::new(base);
        Self { ledger, clock, scenario, base, untagged, phase: Rc::default() }
    }

    /// One of the same scenario for another virtual user, in a phase of its own.
    pub(crate) fn for_user(&self) -> Self {
        Self { phase: Rc::default(), ..self.clone() }
    }

    /// One of the same virtual user whose samples also carry that tag.
    pub(crate) fn with_tag(&self, name: &str, value: &str) -> Self {
        let mut base = self.base.as_ref().clone();
        base.insert(name.to_owned(), value.to_owned());
        let untagged = self.locked().tag_set(&base);
        Self { base: Rc::new(base), untagged, ..self.clone() }
    }

    /// The value of a tag that all of its samples carry.
    pub(crate) fn base_tag(&self, name: &str) -> Option<&str> {
        self.base.get(name).map(String::as_str)
    }

    /// Nanoseconds from the start of the run.
    pub(crate) fn now_ns(&self) -> u64 {
        self.clock.now_ns()
    }

    /// The clock of the run.
    pub(crate) fn clock(&self) -> RunClock {
        self.clock
    }

    /// Tags of the scenario and these, to be looked up once and used for many samples.
    pub(crate) fn tag_set(&self, more: &[(&str, &str)]) -> TagSet {
        let mut tags = self.base.as_ref().clone();
        tags.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.locked().tag_set(&tags)
    }

    /// Records a request that ended, whether or not it failed.
    pub(crate) fn request(&self, tags: TagSet, sample: &RequestSample) {
        use Builtin as B;
        let phase = self.phase.get();
        let mut ledger = self.locked();
        let mut time = |metric, ns| ledger.time(metric, ns, tags, phase);
        time(B::HttpReqDuration, sample.duration_ns());
        time(B::HttpReqBlocked, sample.blocked_ns);
        time(B::HttpReqConnecting, sample.connecting_ns);
        time(B::HttpReqTlsHandshaking, sample.tls_ns);
        time(B::HttpReqSending, sample.sending_ns);
        time(B::HttpReqWaiting, sample.waiting_ns);
        time(B::HttpReqReceiving, sample.receiving_ns);
        ledger.add(B::HttpReqs, 1.0, tags, phase);
        ledger.add(B::HttpReqFailed, f64::from(u8::from(sample.failed)), tags, phase);
        ledger.add(B::DataSent, sample.sent as f64, tags, phase);
        ledger.add(B::DataReceived, sample.received as f64, tags, phase);
    }

    /// Records a request of which only the whole is known.
    pub(crate) fn whole_request(&self, tags: TagSet, elapsed_ns: u64, failed: bool) {
        let phase = self.phase.get();
        let mut ledger = self.locked();
        ledger.time(Builtin::HttpReqDuration, elapsed_ns, tags, phase);
        ledger.add(Builtin::HttpReqs, 1.0, tags, phase);
        ledger.add(Builtin::HttpReqFailed, f64::from(u8::from(failed)), tags, phase);
    }

    /// Records bytes that belong to no request.
    pub(crate) fn data(&self, sent: u64, received: u64) {
        let phase = self.phase.get();
        let mut ledger = self.locked();
        ledger.add(Builtin::DataSent, sent as f64, self.untagged, phase);
        ledger.add(Builtin::DataReceived, received as f64, self.untagged, phase);
    }

    /// Counts an error under a short name such as `connection_refused`; the words of the first one
    /// of each name are kept.
    pub(crate) fn error(&self, kind: &str, words: impl FnOnce() -> String) {
        self.locked().error(kind, words);
    }

    /// Counts whether something held.
    pub(crate) fn check(&self, name: &str, held: bool) {
        let tags = self.tag_set(&[("check", name)]);
        let phase = self.phase.get();
        let mut ledger = self.locked();
        ledger.check(name, held);
        ledger.add(Builtin::Checks, f64::from(u8::from(held)), tags, phase);
    }

    /// Adds a sample to a metric of the user's. The first sample decides its kind and unit; where
    /// they are others later, or the name is one of ours, the sample is refused with words.
    pub(crate) fn custom(
        &self,
        name: &str,
        kind: MetricKind,
        unit: MetricUnit,
        value: f64,
        tags: &[(&str, &str)],
    ) -> Result<(), String> {
        let tags = if tags.is_empty() { self.untagged } else { self.tag_set(tags) };
        self.locked().custom(name, kind, unit, value, tags, self.phase.get())
    }

    /// Says in which phase the iteration lies that begins now.
    pub(crate) fn enter(&self, phase: Option<Phase>) {
        self.phase.set(phase);
    }

    /// Records an iteration that ran to its end.
    pub(crate) fn iteration(&self, times: IterationTimes, outcome: Outcome) {
        let phase = self.phase.get();
        let tags = self.untagged;
        let failed = matches!(outcome, Outcome::Failed { .. });
        let mut ledger = self.locked();
        let service = times.ended_ns.saturating_sub(times.sent_ns);
        ledger.add(Builtin::Iterations, 1.0, tags, phase);
        ledger.add(Builtin::IterationFailed, f64::from(u8::from(failed)), tags, phase);
        ledger.time(Builtin::IterationDuration, service, tags, phase);
        if let Some(planned) = times.planned_ns {
            let response = times.ended_ns.saturating_sub(planned);
            ledger.time(Builtin::Response, response, tags, phase);
            ledger.time(Builtin::Service, service, tags, phase);
            ledger.time(Builtin::Lateness, times.sent_ns.saturating_sub(planned), tags, phase);
        }
        let counts = ledger.counts(self.scenario);
        counts.full += 1;
        counts.failed += u64::from(failed);
        if let Outcome::Failed { kind, words } = outcome {
            ledger.error(&kind, || words);
        }
    }

    /// Records an iteration that was cut off.
    pub(crate) fn interrupted(&self, open: bool) {
        let phase = self.phase.get();
        let mut ledger = self.locked();
        ledger.add(Builtin::InterruptedIterations, 1.0, self.untagged, phase);
        if open {
            ledger.censored(Builtin::Response, 1, self.untagged, phase);
        }
        ledger.counts(self.scenario).interrupted += 1;
    }

    /// Records iterations that were planned and never began.
    pub(crate) fn dropped(&self, times: u64, open: bool, phase: Option<Phase>) {
        if times == 0 {
            return;
        }
        let mut ledger = self.locked();
        ledger.add(Builtin::DroppedIterations, times as f64, self.untagged, phase);
        if open {
            ledger.censored(Builtin::Response, times, self.untagged, phase);
        }
        ledger.counts(self.scenario).dropped += times;
    }

    fn locked(&self) -> MutexGuard<'_, Ledger> {
        locked(&self.ledger)
    }
}

/// The ledger, even after a panic elsewhere: its sums hold after each call.
pub(crate) fn locked(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}
