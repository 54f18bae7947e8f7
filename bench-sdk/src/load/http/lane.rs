//! The connections of a virtual user.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use super::exchange::Talk;
use super::failure::Failure;
use super::place::Place;
use super::response::Response;
use super::stream::Stream;
use super::target::{Reuse, Shared};
use crate::load::request::RequestSample;

/// Servers that a virtual user keeps a connection to at a time.
const CONNECTIONS: usize = 8;

/// The connections of a virtual user, one to each server, and what it needs to talk.
pub(crate) struct Lane {
    open: Vec<(Arc<Place>, Stream)>,
    talk: Talk,
    reuse: Reuse,
}

/// A request as it goes out.
pub(crate) struct Sent<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) is_head: bool,
    /// Whether it may be sent once more where the first connection turns out to be stale.
    pub(crate) is_idempotent: bool,
}

impl Lane {
    /// Without connections.
    pub(crate) fn new(talk: Talk, reuse: Reuse) -> Self {
        Self { open: Vec::new(), talk, reuse }
    }

    /// An iteration begins: the time of its request, with all that it is sent on to, runs.
    pub(crate) fn begin(&mut self) {
        if self.reuse == Reuse::WithinIteration {
            self.open.clear();
        }
        self.talk.lap();
        self.talk.deadline.begin(self.talk.now_ns);
    }

    /// Sends a request to that server and reads the response, on a connection that is open or a
    /// new one.
    pub(crate) async fn send(
        &mut self,
        shared: &Shared,
        place: &Arc<Place>,
        request: &Sent<'_>,
    ) -> (RequestSample, Result<Response, Failure>) {
        let mut sample = RequestSample::default();
        let received = self.send_timed(shared, place, request, &mut sample).await;
        (sample, received)
    }

    async fn send_timed(
        &mut self,
        shared: &Shared,
        place: &Arc<Place>,
        request: &Sent<'_>,
        sample: &mut RequestSample,
    ) -> Result<Response, Failure> {
        let kept = self.open.iter().position(|(other, _)| Arc::ptr_eq(other, place));
        if let Some(at) = kept {
            let stream = &mut self.open[at].1;
            if poll_fn(|context| Poll::Ready(stream.is_quiet(context))).await {
                match self.exchange(at, request, sample).await {
                    Err(failure) if self.is_stale(&failure) && request.is_idempotent => {
                        *sample = tried_in_vain(sample);
                    }
                    other => return other,
                }
            } else {
                self.open.swap_remove(at);
            }
        }
        let stream = shared.dialer.dial(place, &mut self.talk, sample).await?;
        if self.open.len() == CONNECTIONS {
            self.open.remove(0);
        }
        self.open.push((Arc::clone(place), stream));
        self.exchange(self.open.len() - 1, request, sample).await
    }

    /// One request on that connection, which is closed after it unless it can be used again.
    async fn exchange(
        &mut self,
        at: usize,
        request: &Sent<'_>,
        sample: &mut RequestSample,
    ) -> Result<Response, Failure> {
        let stream = &mut self.open[at].1;
        let received = self.talk.exchange(stream, request.bytes, request.is_head, sample).await;
        if !received.as_ref().is_ok_and(|response| response.keep) || self.reuse == Reuse::Never {
            self.open.swap_remove(at);
        }
        received
    }

    /// Whether a kept connection was closed before any byte of a response: the server may have
    /// closed it before the request came.
    fn is_stale(&self, failure: &Failure) -> bool {
        matches!(failure, Failure::Closed | Failure::Reset) && !self.talk.reader.has_begun()
    }
}

/// What is kept of a try that came to nothing: its time is part of what the request waited before
/// it could begin, its bytes were sent.
fn tried_in_vain(sample: &RequestSample) -> RequestSample {
    RequestSample {
        blocked_ns: sample.blocked_ns + sample.duration_ns(),
        sent: sample.sent,
        received: sample.received,
        ..RequestSample::default()
    }
}
