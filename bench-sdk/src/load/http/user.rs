//! A virtual user that sends requests.

use std::rc::Rc;
use std::sync::Arc;

use super::address::Address;
use super::deadline::Deadline;
use super::exchange::Talk;
use super::failure::Failure;
use super::lane::Lane;
use super::pause::Refusals;
use super::place::Place;
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
        let ahead = shared.ahead(&request.address, &sent.1, 1).await;
        let response = self.notes.note(index, planned, sent, ahead.as_ref())?;
        if let Some(Ok(ahead)) = ahead {
            let hops =
                Hops { shared, planned, index, lane: &mut self.lane, notes: &mut self.notes };
            return Box::pin(hops.follow(response.status, ahead, wire, values)).await;
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

/// Where a response sends on to, where it does, or why nobody follows.
type Ahead = Result<(Address, Arc<Place>), Failure>;

impl Shared {
    /// Where the response to a request at that address sends on to; it would be the `hops`th time.
    async fn ahead(
        &self,
        from: &Address,
        received: &Result<Response, Failure>,
        hops: u32,
    ) -> Option<Ahead> {
        let location = received.as_ref().ok()?.location.as_deref()?;
        let options = &self.options;
        if options.redirects == 0 {
            return None;
        }
        if hops > options.redirects {
            return Some(Err(Failure::TooManyRedirects(options.redirects)));
        }
        // Rare: in a box it does not make every virtual user larger.
        Some(Box::pin(self.next(from, location)).await)
    }

    async fn next(&self, from: &Address, location: &str) -> Ahead {
        let to = next_address(from, location)?;
        let found = tokio::time::timeout(self.options.timeout, self.places.find(&to)).await;
        let place = found.unwrap_or(Err(Failure::Timeout))?;
        Ok((to, place))
    }
}

impl Notes {
    /// Records a request that ended. A response that sends on to where nobody follows has failed.
    fn note(
        &mut self,
        index: usize,
        planned: &Planned,
        (mut sample, received): (RequestSample, Result<Response, Failure>),
        ahead: Option<&Ahead>,
    ) -> Result<Response, Failure> {
        let stopped = ahead.and_then(|ahead| ahead.as_ref().err());
        let ended = match &received {
            Ok(response) => {
                let passes = ahead.is_some() || planned.request.expects(response.status);
                let code = match stopped {
                    Some(failure) => failure.code(),
                    None if passes => 0,
                    None => Failure::Status(response.status).code(),
                };
                let version = Some(response.version);
                Ended { request: index, status: response.status, version, code }
            }
            Err(failure) => Ended::without_response(index, failure),
        };
        sample.failed = ended.code != 0;
        let tags = self.tagging.of(ended, &planned.request, &self.recorder);
        self.recorder.request(tags, &sample);
        stopped.map_or(received, |failure| Err(failure.clone()))
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
        mut status: u16,
        ahead: (Address, Arc<Place>),
        first: Wire<'_>,
        mut values: Values<'_>,
    ) -> Result<(), Failure> {
        let request = &self.planned.request;
        let mut method = request.method.clone();
        let mut body = (first.body_at < first.bytes.len()).then(|| &first.bytes[first.body_at..]);
        let mut ahead = Some(Ok(ahead));
        let mut hops = 1;
        while let Some(Ok((at, place))) = ahead {
            hops += 1;
            if changes_to_get(status, &method) {
                "GET".clone_into(&mut method);
                body = None;
            }
            let (bytes, _) = request.render_redirected(&at, &method, body, &mut values);
            let is_head = method == "HEAD";
            let is_idempotent = request.is_idempotent || method == "GET";
            let sent = super::lane::Sent { bytes: &bytes, is_head, is_idempotent };
            let sent = self.lane.send(self.shared, &place, &sent).await;
            ahead = self.shared.ahead(&at, &sent.1, hops).await;
            status = self.notes.note(self.index, self.planned, sent, ahead.as_ref())?.status;
        }
        judged(self.planned, status)
    }
}

fn next_address(from: &Address, location: &str) -> Result<Address, Failure> {
    if location.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Failure::BadRedirect(format!("`{location}` is not UTF-8")));
    }
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
