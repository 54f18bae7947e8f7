//! A virtual user that makes round trips.

use std::rc::Rc;
use std::sync::Arc;

use super::frame::{Kind, push_frame};
use super::session::{Session, mask};
use super::target::Shared;
use crate::load::http::deadline::Deadline;
use crate::load::http::exchange::Talk;
use crate::load::http::failure::Failure;
use crate::load::http::pause::Refusals;
use crate::load::http::reader::ResponseReader;
use crate::load::http::target::Reuse;
use crate::load::http::template::Values;
use crate::load::recorder::Recorder;
use crate::load::request::RequestSample;
use crate::load::target::{Outcome, Seat, Turn, User};
use crate::record::load::{MetricKind, MetricUnit, Tags};
use crate::stats::Rng;

/// Sends one message in each iteration and waits for one, on a connection that it keeps.
pub(crate) struct WebSocketUser {
    shared: Arc<Shared>,
    session: Option<Session>,
    talk: Talk,
    recorder: Recorder,
    vu: u64,
    env: Rc<Tags>,
    rng: Rng,
    frame: Vec<u8>,
    refusals: Refusals,
}

impl WebSocketUser {
    pub(crate) fn new(shared: Arc<Shared>, seat: Seat) -> Self {
        let clock = seat.recorder.clock();
        let deadline = Deadline::new(clock, shared.options.timeout);
        let (reader, now_ns) = (ResponseReader::default(), clock.now_ns());
        Self {
            shared,
            session: None,
            talk: Talk { clock, deadline, reader, now_ns },
            recorder: seat.recorder,
            vu: seat.vu,
            env: seat.env,
            rng: Rng::new(seat.seed),
            frame: Vec::new(),
            refusals: Refusals::default(),
        }
    }

    async fn run(&mut self, turn: Turn) -> Result<(), Failure> {
        self.talk.lap();
        self.talk.deadline.begin(self.talk.now_ns);
        let mut session = match self.session.take() {
            Some(session) => session,
            None => Box::pin(self.open(turn)).await?,
        };
        self.render(turn);
        self.talk.lap();
        let Self { talk, rng, frame, .. } = self;
        let answered = session.round_trip(frame, &mut talk.deadline, rng).await;
        let took = self.talk.lap();
        let (messages, bytes) = session.take_tally();
        self.recorder.data(self.frame.len() as u64, bytes);
        self.count("ws_msgs_sent", 1);
        if messages > 0 {
            self.count("ws_msgs_received", messages);
        }
        let is_to_stay = self.shared.options.reuse == Reuse::Always && answered.is_ok();
        if answered.is_ok() {
            self.time("ws_round_trip", took);
        }
        if is_to_stay {
            self.session = Some(session);
        } else {
            self.end(session);
        }
        answered
    }

    /// Connects and makes the handshake.
    async fn open(&mut self, turn: Turn) -> Result<Session, Failure> {
        let start = self.talk.now_ns;
        let mut sample = RequestSample::default();
        let Shared { dialer, place, request, .. } = &*self.shared;
        let stream = dialer.dial(place, &mut self.talk, &mut sample).await?;
        let mut head = Vec::new();
        let mut values =
            Values { vu: self.vu, iteration: turn.of_user, rng: &mut self.rng, env: &self.env };
        let end = request.render(&mut head, &mut values);
        // Without the empty line: the headers of the handshake follow.
        head.truncate(end - 2);
        let mut random = [0; 16];
        random[..8].copy_from_slice(&self.rng.next_u64().to_be_bytes());
        random[8..].copy_from_slice(&self.rng.next_u64().to_be_bytes());
        let deadline = &mut self.talk.deadline;
        let session = Session::open(stream, head, random, deadline, start).await?;
        self.talk.lap();
        self.time("ws_connecting", self.talk.now_ns - start);
        self.count("ws_sessions", 1);
        Ok(session)
    }

    fn render(&mut self, turn: Turn) {
        let mut values =
            Values { vu: self.vu, iteration: turn.of_user, rng: &mut self.rng, env: &self.env };
        let mut message = Vec::new();
        let message = match self.shared.message.as_fixed() {
            Some(fixed) => fixed,
            None => {
                self.shared.message.render(&mut message, &mut values);
                &message
            }
        };
        self.frame.clear();
        push_frame(&mut self.frame, Kind::Text, message, mask(&mut self.rng));
    }

    fn end(&mut self, mut session: Session) {
        session.close(mask(&mut self.rng));
        let lived = self.talk.clock.now_ns().saturating_sub(session.opened_ns);
        self.time("ws_session_duration", lived);
    }

    /// These names are nobody else's, and always of the same kind: they are never refused.
    fn count(&self, name: &str, times: u64) {
        let (kind, unit) = (MetricKind::Counter, MetricUnit::One);
        let _ = self.recorder.custom(name, kind, unit, times as f64, &[]);
    }

    fn time(&self, name: &str, ns: u64) {
        let (kind, unit) = (MetricKind::Trend, MetricUnit::Nanoseconds);
        let _ = self.recorder.custom(name, kind, unit, ns as f64, &[]);
    }
}

impl User for WebSocketUser {
    async fn iterate(&mut self, turn: Turn) -> Outcome {
        let ended = self.run(turn).await;
        self.refusals.note(ended.as_ref().err());
        match ended {
            Ok(()) => Outcome::Passed,
            Err(failure) => Outcome::Failed { kind: failure.kind(), words: failure.to_string() },
        }
    }

    fn rest_ns(&self) -> u64 {
        self.refusals.rest_ns()
    }
}

impl Drop for WebSocketUser {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            self.end(session);
        }
    }
}
