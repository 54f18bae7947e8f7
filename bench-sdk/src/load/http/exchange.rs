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
        let mut left = request;
        let written = write(stream, &mut left, &mut self.deadline).await;
        sample.sending_ns += self.lap();
        let received = match &written {
            Err(Failure::Timeout) => Err(Failure::Timeout),
            _ => self.receive(stream, &mut left, sample).await,
        };
        sample.sent += (request.len() - left.len()) as u64;
        match (received, written) {
            // A server may answer and close before it has read everything.
            (Ok(response), written) => {
                let keep = response.keep && left.is_empty() && written.is_ok();
                Ok(Response { keep, ..response })
            }
            (Err(_), Err(failure)) | (Err(failure), Ok(())) => Err(failure),
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
        left: &mut &[u8],
        sample: &mut RequestSample,
    ) -> Result<Response, Failure> {
        let mut first = None;
        let mut reads = 0;
        let Self { clock, deadline, reader, .. } = self;
        let received = poll_fn(|context| {
            loop {
                if !left.is_empty() {
                    // Whatever becomes of it, the response will tell.
                    let _ = poll_write_all(stream, context, left);
                }
                let read = poll_read_shared(stream, context, |read| {
                    first.get_or_insert_with(|| clock.now_ns());
                    take(reader, read, &mut sample.received)
                });
                match read {
                    Poll::Pending => return deadline.poll(context).map(|()| Err(Failure::Timeout)),
                    Poll::Ready(Err(failure)) => return Poll::Ready(Err(failure)),
                    Poll::Ready(Ok(Some(response))) => {
                        reads += 1;
                        return Poll::Ready(Ok(response));
                    }
                    Poll::Ready(Ok(None)) => reads += 1,
                }
                if reads % READS_WITHOUT_A_CLOCK == 0 && deadline.is_past() {
                    return Poll::Ready(Err(Failure::Timeout));
                }
            }
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

/// Reads what there is through the buffer of this thread, and hands it on; nothing at the end of
/// the connection.
pub(crate) fn poll_read_shared<T>(
    stream: &mut Stream,
    context: &mut Context<'_>,
    take: impl FnOnce(io::Result<&[u8]>) -> T,
) -> Poll<T> {
    BUFFER.with_borrow_mut(|buffer| {
        let mut buffer = ReadBuf::new(buffer);
        let read = ready!(stream.poll_read(context, &mut buffer));
        Poll::Ready(take(read.map(|()| buffer.filled())))
    })
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

/// Writes all of it, or until an answer comes before that.
async fn write(
    stream: &mut Stream,
    left: &mut &[u8],
    deadline: &mut Deadline,
) -> Result<(), Failure> {
    poll_fn(|context| match poll_write_all(stream, context, left) {
        Poll::Ready(written) => Poll::Ready(written.map_err(|error| Failure::of_talking(&error))),
        Poll::Pending if stream.poll_readable(context).is_ready() => Poll::Ready(Ok(())),
        Poll::Pending => deadline.poll(context).map(|()| Err(Failure::Timeout)),
    })
    .await
}

/// Writes all of it, whatever comes meanwhile.
pub(crate) async fn write_all(
    stream: &mut Stream,
    bytes: &[u8],
    deadline: &mut Deadline,
) -> Result<(), Failure> {
    let mut left = bytes;
    poll_fn(|context| match poll_write_all(stream, context, &mut left) {
        Poll::Ready(written) => Poll::Ready(written.map_err(|error| Failure::of_talking(&error))),
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
