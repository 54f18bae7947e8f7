//! HTTP/2, by the crate h2: one request at a time on a connection of each virtual user.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::client::SendRequest;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::deadline::Deadline;
use super::exchange::Talk;
use super::failure::Failure;
use super::place::Place;
use super::response::{Response, Version};
use super::stream::Stream;
use crate::load::request::RequestSample;

/// An open connection.
pub(crate) struct Http2 {
    sender: SendRequest<Bytes>,
    counts: Arc<Counts>,
    seen: (u64, u64),
}

/// Bytes that went over a connection.
#[derive(Debug, Default)]
struct Counts {
    written: AtomicU64,
    read: AtomicU64,
}

/// Headers that belong to a connection of HTTP/1.1: RFC 9113, section 8.2.2.
const OF_CONNECTIONS: [&str; 5] =
    ["connection", "host", "keep-alive", "proxy-connection", "transfer-encoding"];

impl Http2 {
    /// Makes the handshake; the connection is then driven by a task of its own, which ends with
    /// the value.
    pub(crate) async fn open(stream: Stream, deadline: &mut Deadline) -> Result<Self, Failure> {
        let counts = Arc::new(Counts::default());
        let counted = Counted { stream, counts: Arc::clone(&counts) };
        let opened = within(deadline, h2::client::handshake(counted)).await?;
        let (sender, connection) = opened.map_err(|error| failure(&error))?;
        tokio::spawn(async move {
            // What ends the connection is told to the request under way.
            let _ = connection.await;
        });
        Ok(Self { sender, counts, seen: (0, 0) })
    }

    /// Sends a request, given as it would be over HTTP/1.1, and reads the response.
    pub(crate) async fn exchange(
        &mut self,
        talk: &mut Talk,
        place: &Place,
        request: &[u8],
        sample: &mut RequestSample,
    ) -> Result<Response, Failure> {
        talk.reader.start(false);
        let exchanged = self.exchange_timed(talk, place, request, sample).await;
        let written = self.counts.written.load(Ordering::Relaxed);
        let read = self.counts.read.load(Ordering::Relaxed);
        sample.sent += written - self.seen.0;
        sample.received += read - self.seen.1;
        self.seen = (written, read);
        exchanged
    }

    async fn exchange_timed(
        &mut self,
        talk: &mut Talk,
        place: &Place,
        request: &[u8],
        sample: &mut RequestSample,
    ) -> Result<Response, Failure> {
        let (request, body) = translated(place, request)?;
        let deadline = &mut talk.deadline;
        let ready = within(deadline, poll_fn(|context| self.sender.poll_ready(context))).await?;
        ready.map_err(|error| failure(&error))?;
        let sent = self.sender.send_request(request, body.is_empty());
        let (response, mut stream) = sent.map_err(|error| failure(&error))?;
        if !body.is_empty() {
            stream.send_data(body, true).map_err(|error| failure(&error))?;
        }
        sample.sending_ns += talk.lap();
        let response = within(&mut talk.deadline, response).await;
        sample.waiting_ns += talk.lap();
        let response = response?.map_err(|error| failure(&error))?;
        let status = response.status().as_u16();
        let location = super::response::location(status, || {
            response.headers().get("location").map(http::HeaderValue::as_bytes)
        });
        let received = count(response.into_body(), &mut talk.deadline).await;
        sample.receiving_ns += talk.lap();
        let body = received?;
        Ok(Response { status, version: Version::Http2, keep: true, location, body })
    }
}

/// Counts a body and throws it away.
async fn count(mut body: h2::RecvStream, deadline: &mut Deadline) -> Result<u64, Failure> {
    let mut bytes = 0;
    while let Some(piece) = within(deadline, poll_fn(|context| body.poll_data(context))).await? {
        let piece = piece.map_err(|error| failure(&error))?;
        bytes += piece.len() as u64;
        // Cannot fail: no more is given back than came.
        let _ = body.flow_control().release_capacity(piece.len());
        if deadline.is_past() {
            return Err(Failure::Timeout);
        }
    }
    Ok(bytes)
}

/// A request of HTTP/1.1 as one of HTTP/2.
fn translated(place: &Place, request: &[u8]) -> Result<(http::Request<()>, Bytes), Failure> {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut parsed = httparse::Request::new(&mut headers);
    let wrong = |what: String| Failure::Other(format!("the request cannot be sent: {what}"));
    let length = match parsed.parse(request).map_err(|error| wrong(error.to_string()))? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial => return Err(wrong("its head has no end".to_owned())),
    };
    let host = parsed.headers.iter().find(|header| header.name.eq_ignore_ascii_case("host"));
    let host = host.and_then(|host| std::str::from_utf8(host.value).ok()).unwrap_or_default();
    let (method, path) = (parsed.method.unwrap_or_default(), parsed.path.unwrap_or_default());
    let mut made = http::Request::builder()
        .method(method)
        .version(http::Version::HTTP_2)
        .uri(format!("{}://{host}{path}", place.scheme.name()));
    for header in parsed.headers.iter() {
        if !OF_CONNECTIONS.iter().any(|name| header.name.eq_ignore_ascii_case(name)) {
            made = made.header(header.name, header.value);
        }
    }
    let made = made.body(()).map_err(|error| wrong(error.to_string()))?;
    Ok((made, Bytes::copy_from_slice(&request[length..])))
}

fn failure(error: &h2::Error) -> Failure {
    match error.get_io() {
        Some(io) => Failure::of_talking(io),
        None if error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR) => {
            Failure::Closed
        }
        None => Failure::Http2(error.to_string()),
    }
}

/// Waits for that, but no longer than the deadline.
async fn within<F: Future>(deadline: &mut Deadline, waited: F) -> Result<F::Output, Failure> {
    let mut waited = pin!(waited);
    poll_fn(|context| match waited.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Ok(done)),
        Poll::Pending => deadline.poll(context).map(|()| Err(Failure::Timeout)),
    })
    .await
}

/// A connection that counts its bytes.
struct Counted {
    stream: Stream,
    counts: Arc<Counts>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = self.stream.poll_read(context, buffer);
        let fresh = buffer.filled().len() - before;
        self.counts.read.fetch_add(fresh as u64, Ordering::Relaxed);
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream.poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = &written {
            self.counts.written.fetch_add(*count as u64, Ordering::Relaxed);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.poll_shutdown(context)
    }
}

#[cfg(test)]
#[path = "http2_tests.rs"]
mod tests;
