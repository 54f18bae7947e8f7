//! The connections of a virtual user.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use super::exchange::Talk;
use super::failure::Failure;
#[cfg(feature = "load-http2")]
use super::http2::Http2;
use super::place::Place;
use super::response::Response;
use super::stream::Stream;
use super::target::{Reuse, Shared};
use crate::load::request::RequestSample;

/// Servers that a virtual user keeps a connection to at a time.
const CONNECTIONS: usize = 8;

/// The connections of a virtual user, one to each server, and what it needs to talk.
pub(crate) struct Lane {
    open: Vec<(Arc<Place>, Open)>,
    talk: Talk,
    reuse: Reuse,
}

/// An open connection.
enum Open {
    /// Of HTTP/1.1.
    Http1(Stream),
    /// Of HTTP/2.
    #[cfg(feature = "load-http2")]
    Http2(Box<Http2>),
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
            if self.is_quiet(at).await {
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
        let opened = self.opened(stream, shared).await?;
        self.open.push((Arc::clone(place), opened));
        self.exchange(self.open.len() - 1, request, sample).await
    }

    /// One request on that connection, which is closed after it unless it can be used again.
    async fn exchange(
        &mut self,
        at: usize,
        request: &Sent<'_>,
        sample: &mut RequestSample,
    ) -> Result<Response, Failure> {
        let talk = &mut self.talk;
        let received = match &mut self.open[at] {
            (_, Open::Http1(stream)) => {
                talk.exchange(stream, request.bytes, request.is_head, sample).await
            }
            #[cfg(feature = "load-http2")]
            (place, Open::Http2(connection)) => {
                Box::pin(connection.exchange(talk, place, request.bytes, sample)).await
            }
        };
        if !received.as_ref().is_ok_and(|response| response.keep) || self.reuse == Reuse::Never {
            self.open.swap_remove(at);
        }
        received
    }

    /// Whether a kept connection is as it was left.
    async fn is_quiet(&self, at: usize) -> bool {
        match &self.open[at].1 {
            Open::Http1(stream) => poll_fn(|context| Poll::Ready(stream.is_quiet(context))).await,
            // It is read all the time, and tells when it is used.
            #[cfg(feature = "load-http2")]
            Open::Http2(_) => true,
        }
    }

    /// A new connection, ready for requests.
    #[cfg(feature = "load-http2")]
    async fn opened(&mut self, stream: Stream, shared: &Shared) -> Result<Open, Failure> {
        if !stream.speaks_http2(shared.options.http2) {
            return Ok(Open::Http1(stream));
        }
        let opened = Box::pin(Http2::open(stream, &mut self.talk.deadline)).await?;
        Ok(Open::Http2(Box::new(opened)))
    }

    /// A new connection, ready for requests.
    #[cfg(not(feature = "load-http2"))]
    #[expect(
        clippy::unused_async,
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "as with the feature"
    )]
    async fn opened(&mut self, stream: Stream, _shared: &Shared) -> Result<Open, Failure> {
        Ok(Open::Http1(stream))
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
