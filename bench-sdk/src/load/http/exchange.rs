//! One request and its response on one connection.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll, ready};

use tokio::io::ReadBuf;

use super::deadline::Deadline;
use super::failure::Failure;
use super::reader::ResponseReader;
use super::response::Response;
use super::stream::Stream;
use crate::clock::RunClock;
use crate::load::request::RequestSample;

/// Bytes that are read at a time.
const BUFFER_BYTES: usize = 64 << 10;
/// After so many reads without a pause the clock is asked whether time is up.
const READS_WITHOUT_A_CLOCK: u32 = 32;

thread_local! {
    /// What is read goes through one buffer for all connections of a thread, so that waiting ones
    /// take no memory for it.
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; BUFFER_BYTES].into());
}

/// What a virtual user needs to talk, whatever the connection.
pub(crate) struct Talk {
    pub(crate) clock: RunClock,
    pub(crate) deadline: Deadline,
    pub(crate) reader: ResponseReader,
    /// When the last part of a request ended, and so the next begins: each instant is read from
    /// the clock once.
    pub(crate) now_ns: u64,
}

impl Talk {
    /// Sends a request and reads the response; the parts of its time are added to `sample` as far
    /// as they went.
    pub(crate) async fn exchange(
        &mut self,
        stream: &mut Stream,
        request: &[u8],
        is_head: bool,
        sample: &mut RequestSample,
    ) -> Result<Response, Failure> {
        self.reader.start(is_head);
        let written = write_all(stream, request, &mut self.deadline, &mut sample.sent).await;
        sample.sending_ns += self.lap();
        match written {
            Ok(()) => self.receive(stream, sample).await,
            Err(failure @ Failure::Timeout) => Err(failure),
            // A server may answer and close before it has read everything.
            Err(failure) => match self.receive(stream, sample).await {
                Ok(response) => Ok(Response { keep: false, ..response }),
                Err(_) => Err(failure),
            },
        }
    }

    /// Nanoseconds since the last part ended; the next one begins.
    pub(crate) fn lap(&mut self) -> u64 {
        let before = std::mem::replace(&mut self.now_ns, self.clock.now_ns());
        self.now_ns.saturating_sub(before)
    }

    async fn receive(
        &mut self,
        stream: &mut Stream,
        sample: &mut RequestSample,
    ) -> Result<Response, Failure> {
        let mut first = None;
        let mut reads = 0;
        let Self { clock, deadline, reader, .. } = self;
        let received = poll_fn(|context| {
            BUFFER.with_borrow_mut(|buffer| loop {
                let mut buffer = ReadBuf::new(buffer);
                match stream.poll_read(context, &mut buffer) {
                    Poll::Pending => return deadline.poll(context).map(|()| Err(Failure::Timeout)),
                    Poll::Ready(read) => {
                        first.get_or_insert_with(|| clock.now_ns());
                        reads += 1;
                        let read = read.map(|()| buffer.filled());
                        let taken = take(reader, read, &mut sample.received).transpose();
                        if let Some(result) = taken {
                            return Poll::Ready(result);
                        }
                    }
                }
                if reads % READS_WITHOUT_A_CLOCK == 0 && deadline.is_past() {
                    return Poll::Ready(Err(Failure::Timeout));
                }
            })
        })
        .await;
        let first = first.unwrap_or_else(|| clock.now_ns());
        sample.waiting_ns += first.saturating_sub(self.now_ns);
        self.now_ns = first;
        if reads > 1 {
            sample.receiving_ns += self.lap();
        }
        received
    }
}

/// Hands what was read to the reader.
fn take(
    reader: &mut ResponseReader,
    read: io::Result<&[u8]>,
    received: &mut u64,
) -> Result<Option<Response>, Failure> {
    match read {
        Ok([]) => reader.end().map(Some).map_err(|_| Failure::Closed),
        Ok(bytes) => {
            *received += bytes.len() as u64;
            reader.feed(bytes).map_err(Failure::Protocol)
        }
        // TLS that is closed without a word.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            reader.end().map(Some).map_err(|_| Failure::Closed)
        }
        Err(error) => Err(Failure::of_talking(&error)),
    }
}

/// Writes all of it; adds to `sent` what was written.
pub(crate) async fn write_all(
    stream: &mut Stream,
    bytes: &[u8],
    deadline: &mut Deadline,
    sent: &mut u64,
) -> Result<(), Failure> {
    let mut left = bytes;
    poll_fn(|context| match poll_write_all(stream, context, &mut left) {
        Poll::Ready(written) => {
            *sent += (bytes.len() - left.len()) as u64;
            Poll::Ready(written.map_err(|error| Failure::of_talking(&error)))
        }
        Poll::Pending => deadline.poll(context).map(|()| Err(Failure::Timeout)),
    })
    .await
}

fn poll_write_all(
    stream: &mut Stream,
    context: &mut Context<'_>,
    left: &mut &[u8],
) -> Poll<io::Result<()>> {
    while !left.is_empty() {
        let written = ready!(stream.poll_write(context, left))?;
        if written == 0 {
            return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
        }
        *left = &left[written..];
    }
    stream.poll_flush(context)
}
