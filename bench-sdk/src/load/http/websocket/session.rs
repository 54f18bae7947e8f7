//! One open connection of WebSocket.

use std::future::poll_fn;
use std::task::Poll;

use super::frame::{Came, FrameReader, Kind, push_frame};
use super::handshake::Ask;
use crate::load::http::deadline::Deadline;
use crate::load::http::exchange::{poll_read_shared, write_all};
use crate::load::http::failure::Failure;
use crate::load::http::stream::Stream;
use crate::stats::Rng;

/// A connection after its handshake.
pub(crate) struct Session {
    stream: Stream,
    reader: FrameReader,
    /// What came and was not asked for yet.
    came: Tally,
    /// When it was opened, in nanoseconds from the start of the run.
    pub(crate) opened_ns: u64,
}

/// What came over a connection.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Messages.
    pub(crate) messages: u64,
    /// Bytes, with those of frames.
    pub(crate) bytes: u64,
    pings: Vec<Vec<u8>>,
    is_closed: bool,
}

impl Session {
    /// Makes the handshake: `head` is the request without its end.
    ///
    /// # Errors
    /// The server does not agree, or time is up.
    pub(crate) async fn open(
        mut stream: Stream,
        mut head: Vec<u8>,
        random: [u8; 16],
        deadline: &mut Deadline,
        opened_ns: u64,
    ) -> Result<Self, Failure> {
        let ask = Ask::new(random);
        ask.finish(&mut head);
        write_all(&mut stream, &head, deadline).await?;
        let (mut answer, mut came) = (Vec::new(), Tally::default());
        let length = loop {
            read_some(&mut stream, deadline, |bytes| {
                answer.extend_from_slice(bytes);
                Ok(())
            })
            .await?;
            if let Some(length) = ask.answered(&answer)? {
                break length;
            }
        };
        came.bytes = answer.len() as u64;
        let mut session = Self { stream, reader: FrameReader::default(), came, opened_ns };
        take(&mut session.reader, &mut session.came, &answer[length..])?;
        Ok(session)
    }

    /// Sends a frame and waits for the next message. Those that came before, which nobody asked
    /// for, are no answer to it.
    ///
    /// # Errors
    /// The connection is closed, or time is up.
    pub(crate) async fn round_trip(
        &mut self,
        frame: &[u8],
        deadline: &mut Deadline,
        rng: &mut Rng,
    ) -> Result<(), Failure> {
        self.drain().await?;
        let before = self.came.messages;
        write_all(&mut self.stream, frame, deadline).await?;
        loop {
            self.answer_pings(deadline, rng).await?;
            if self.came.messages > before {
                return Ok(());
            }
            if self.came.is_closed {
                return Err(Failure::Closed);
            }
            let Self { stream, reader, came, .. } = self;
            read_some(stream, deadline, |bytes| take(reader, came, bytes)).await?;
        }
    }

    /// What came since this was asked last.
    pub(crate) fn take_tally(&mut self) -> (u64, u64) {
        (std::mem::take(&mut self.came.messages), std::mem::take(&mut self.came.bytes))
    }

    /// Says good-bye, where that is possible without waiting.
    pub(crate) fn close(&mut self, mask: [u8; 4]) {
        const NORMAL: [u8; 2] = 1000_u16.to_be_bytes();
        let mut frame = Vec::new();
        push_frame(&mut frame, Kind::Close, &NORMAL, mask);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        if !self.came.is_closed && self.stream.poll_write(&mut context, &frame).is_ready() {
            let _ = self.stream.poll_flush(&mut context);
        }
    }

    /// Takes what lies there already.
    async fn drain(&mut self) -> Result<(), Failure> {
        let Self { stream, reader, came, .. } = self;
        poll_fn(|context| {
            loop {
                let read = poll_read_shared(stream, context, |read| match read {
                    Ok([]) => Err(Failure::Closed),
                    Ok(bytes) => take(reader, came, bytes),
                    Err(error) => Err(Failure::of_talking(&error)),
                });
                match read {
                    Poll::Pending => return Poll::Ready(Ok(())),
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(failure)) => return Poll::Ready(Err(failure)),
                }
            }
        })
        .await
    }

    async fn answer_pings(
        &mut self,
        deadline: &mut Deadline,
        rng: &mut Rng,
    ) -> Result<(), Failure> {
        if self.came.pings.is_empty() {
            return Ok(());
        }
        let mut frames = Vec::new();
        for ping in self.came.pings.drain(..) {
            push_frame(&mut frames, Kind::Pong, &ping, mask(rng));
        }
        write_all(&mut self.stream, &frames, deadline).await
    }
}

/// A key that a frame is masked with.
pub(crate) fn mask(rng: &mut Rng) -> [u8; 4] {
    (rng.next_u64() as u32).to_be_bytes()
}

fn take(reader: &mut FrameReader, came: &mut Tally, bytes: &[u8]) -> Result<(), Failure> {
    came.bytes += bytes.len() as u64;
    let taken = reader.feed(bytes, |event| match event {
        Came::Message => came.messages += 1,
        Came::Ping(payload) => came.pings.push(payload),
        Came::Pong => {}
        Came::Close(_) => came.is_closed = true,
    });
    taken.map_err(Failure::Protocol)
}

/// Waits for bytes and hands them on.
async fn read_some(
    stream: &mut Stream,
    deadline: &mut Deadline,
    mut take: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    poll_fn(|context| {
        let read = poll_read_shared(stream, context, |read| match read {
            Ok([]) => Err(Failure::Closed),
            Ok(bytes) => take(bytes),
            Err(error) => Err(Failure::of_talking(&error)),
        });
        match read {
            Poll::Pending => deadline.poll(context).map(|()| Err(Failure::Timeout)),
            done => done,
        }
    })
    .await
}
