//! A virtual user that sends requests.

use std::rc::Rc;
use std::sync::Arc;

use super::address::Address;
use super::deadline::Deadline;
use super::exchange::Talk;
use super::failure::Failure;
use super::lane::Lane;
use super::pause::Refusals;
use super::reader::ResponseReader;
use super::response::Response;
use super::tagging::{Ended, Tagging};
use super::target::{Planned, Shared};
use super::template::Values;
use crate::load::recorder::Recorder;
use crate::load::request::RequestSample;
use crate::load::target::{Outcome, Seat, Turn, User};
use crate::record::load::Tags;
use crate::stats::Rng;

/// Sends one request of the list in each iteration, and follows where it is sent on to.
pub(crate) struct HttpUser {
    shared: Arc<Shared>,
    lane: Lane,
    notes: Notes,
    vu: u64,
    env: Rc<Tags>,
    rng: Rng,
    rendered: Vec<u8>,
    refusals: Refusals,
}

/// Where a virtual user records.
struct Notes {
    recorder: Recorder,
    tagging: Tagging,
}

/// What goes over the wire: the bytes, and where the body begins in them.
struct Wire<'a> {
    bytes: &'a [u8],
    body_at: usize,
    is_head: bool,
    is_idempotent: bool,
}

/// Memory that a rendered request may keep between iterations.
const KEPT_BYTES: usize = 4 << 10;

impl HttpUser {
    pub(crate) fn new(shared: Arc<Shared>, seat: Seat) -> Self {
        let clock = seat.recorder.clock();
        let deadline = Deadline::new(clock, shared.options.timeout);
        let (reader, now_ns) = (ResponseReader::default(), clock.now_ns());
        let talk = Talk { clock, deadline, reader, now_ns };
        Self {
            lane: Lane::new(talk, shared.options.reuse),
            shared,
            notes: Notes { recorder: seat.recorder, tagging: Tagging::default() },
            vu: seat.vu,
            env: seat.env,
            rng: Rng::new(seat.seed),
            rendered: Vec::new(),
            refusals: Refusals::default(),
        }
    }

    async fn run(&mut self, turn: Turn) -> Result<(), Failure> {
        let shared = &*self.shared;
        let single = shared.requests.len() == 1;
        let index = if single { 0 } else { shared.choose(self.rng.unit()) };
        let planned = &shared.requests[index];
        let mut values =
            Values { vu: self.vu, iteration: turn.of_user, rng: &mut self.rng, env: &self.env };
        let request = &planned.request;
        let (bytes, body_at) = if let Some((bytes, body_at)) = &request.fixed {
            (bytes.as_slice(), *body_at)
        } else {
            let body_at = request.render(&mut self.rendered, &mut values);
            (self.rendered.as_slice(), body_at)
        };
        let wire =
            Wire { bytes, body_at, is_head: request.is_head, is_idempotent: request.is_idempotent };
        self.lane.begin();
        let sent = self.lane.send(shared, &planned.place, &wire.as_sent()).await;
        let response = self.notes.note(index, planned, shared, sent)?;
        if response.location.is_some() && shared.options.redirects > 0 {
            let hops =
                Hops { shared, planned, index, lane: &mut self.lane, notes: &mut self.notes };
            return Box::pin(hops.follow(response, wire, values)).await;
        }
        judged(planned, response.status)
    }
}

impl User for HttpUser {
    async fn iterate(&mut self, turn: Turn) -> Outcome {
        let ended = self.run(turn).await;
        if self.rendered.capacity() > KEPT_BYTES {
            self.rendered = Vec::new();
        }
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

impl<'a> Wire<'a> {
    fn as_sent(&self) -> super::lane::Sent<'a> {
        super::lane::Sent {
            bytes: self.bytes,
            is_head: self.is_head,
            is_idempotent: self.is_idempotent,
        }
    }
}

impl Notes {
    /// Records a request that ended.
    fn note(
        &mut self,
        index: usize,
        planned: &Planned,
        shared: &Shared,
        (mut sample, received): (RequestSample, Result<Response, Failure>),
    ) -> Result<Response, Failure> {
        let ended = match &received {
            Ok(response) => {
                let is_hop = response.location.is_some() && shared.options.redirects > 0;
                let passes = is_hop || planned.request.expects(response.status);
                let code = if passes { 0 } else { Failure::Status(response.status).code() };
                Ended { request: index, status: response.status, is_11: response.is_11, code }
            }
            Err(failure) => Ended::without_response(index, failure),
        };
        sample.failed = ended.code != 0;
        let tags = self.tagging.of(ended, &planned.request, &self.recorder);
        self.recorder.request(tags, &sample);
        received
    }
}

fn judged(planned: &Planned, status: u16) -> Result<(), Failure> {
    if planned.request.expects(status) { Ok(()) } else { Err(Failure::Status(status)) }
}

/// The way from one redirect to the next.
struct Hops<'a> {
    shared: &'a Shared,
    planned: &'a Planned,
    index: usize,
    lane: &'a mut Lane,
    notes: &'a mut Notes,
}

impl Hops<'_> {
    /// Follows redirects to their end, as browsers and k6 do.
    async fn follow(
        self,
        mut response: Response,
        first: Wire<'_>,
        mut values: Values<'_>,
    ) -> Result<(), Failure> {
        let request = &self.planned.request;
        let mut at = request.address.clone();
        let mut method = request.method.clone();
        let mut body = (first.body_at < first.bytes.len()).then(|| &first.bytes[first.body_at..]);
        let mut hops = 0;
        while let Some(location) = response.location.take() {
            hops += 1;
            if hops > self.shared.options.redirects {
                return Err(Failure::TooManyRedirects(self.shared.options.redirects));
            }
            at = next_address(&at, &location)?;
            if changes_to_get(response.status, &method) {
                "GET".clone_into(&mut method);
                body = None;
            }
            let (bytes, _) = request.render_redirected(&at, &method, body, &mut values);
            let place = self.shared.places.find(&at).await?;
            let is_head = method == "HEAD";
            let is_idempotent = request.is_idempotent || method == "GET";
            let sent = super::lane::Sent { bytes: &bytes, is_head, is_idempotent };
            let sent = self.lane.send(self.shared, &place, &sent).await;
            response = self.notes.note(self.index, self.planned, self.shared, sent)?;
        }
        judged(self.planned, response.status)
    }
}

fn next_address(from: &Address, location: &str) -> Result<Address, Failure> {
    let to = from.join(location).map_err(Failure::BadRedirect)?;
    if to.scheme.is_websocket() || (to.scheme.is_encrypted() && !cfg!(feature = "load-tls")) {
        return Err(Failure::BadRedirect(format!("{} cannot be followed", to.shown())));
    }
    Ok(to)
}

/// Whether what follows that status is a GET without a body: RFC 9110, section 15.4.
fn changes_to_get(status: u16, method: &str) -> bool {
    match status {
        301 | 302 => method == "POST",
        303 => method != "GET" && method != "HEAD",
        _ => false,
    }
}
