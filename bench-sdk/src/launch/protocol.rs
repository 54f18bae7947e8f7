//! Messages between parent and worker: a length of four bytes, little-endian, then the message.

use std::io::{self, ErrorKind, Read, Write};

use super::wire::{Wire, fields};
use crate::bencher::{Broken, LaunchSamples, Sampling};
use crate::clock::TimerSpec;
use crate::record::{CaseId, Counter};

/// No message is longer; a length beyond it means that the channel is broken.
const MAX_BYTES: u32 = 64 * 1024 * 1024;

/// What the parent says first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hello {
    pub(super) timer: TimerSpec,
    /// Bytes by which the stack is shifted.
    pub(super) stack_offset: u32,
}

/// What the worker says when it is ready for orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ready {
    /// The process, so that nothing else passes for it.
    pub(super) process: u32,
}

/// What the parent says then: one case to measure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) id: CaseId,
    /// Index of the benchmark in the catalog and of the case in it. The catalog is the same in
    /// every process of one executable; the cases are checked against what follows.
    pub(crate) entrant: usize,
    pub(crate) index: usize,
    /// The benchmark's name and the argument's label, to check both.
    pub(crate) entrant_id: CaseId,
    pub(crate) label: Option<String>,
    pub(crate) threads: Option<u32>,
    pub(crate) sampling: Sampling,
    pub(crate) counters: Vec<Counter>,
    /// A number that nobody can guess; the answer repeats it. A benchmark that writes into the
    /// channel cannot pass for its worker.
    pub(crate) token: u64,
    /// Seed of this launch of this case.
    pub(crate) seed: u64,
    pub(crate) timeout_ns: u64,
}

/// What the worker answers.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) token: u64,
    pub(super) outcome: Outcome,
}

/// What came of one order.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// Time of the anchor kernel just before.
    pub(crate) anchor_ns: Option<f64>,
    pub(crate) result: Result<LaunchSamples, Broken>,
}

impl Outcome {
    pub(crate) fn broken(broken: Broken) -> Self {
        Self { anchor_ns: None, result: Err(broken) }
    }
}

fields! {
    Hello { timer, stack_offset }
    Ready { process }
    Order {
        id, entrant, index, entrant_id, label, threads, sampling, counters, token, seed, timeout_ns,
    }
    Answer { token, outcome }
    Outcome { anchor_ns, result }
}

/// Writes one message.
pub(super) fn send(mut to: impl Write, message: &impl Wire) -> io::Result<()> {
    let mut frame = vec![0; 4];
    message.put(&mut frame);
    let length = u32::try_from(frame.len() - 4).ok().filter(|length| *length <= MAX_BYTES);
    let length = length.ok_or_else(|| io::Error::other("message too long"))?;
    frame[..4].copy_from_slice(&length.to_le_bytes());
    to.write_all(&frame)
}

/// Reads one message; `None` where the other side has closed the channel between messages.
///
/// What is not a message is an error of the kind `InvalidData`.
pub(super) fn receive<M: Wire>(mut from: impl Read) -> io::Result<Option<M>> {
    let mut length = [0; 4];
    let mut got = 0;
    while got < length.len() {
        match from.read(&mut length[got..]) {
            Ok(0) if got == 0 => return Ok(None),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => got += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let length = u32::from_le_bytes(length);
    if length > MAX_BYTES {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length as usize];
    from.read_exact(&mut body)?;
    let mut rest = body.as_slice();
    match M::take(&mut rest) {
        Some(message) if rest.is_empty() => Ok(Some(message)),
        _ => Err(ErrorKind::InvalidData.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_as_they_went() {
        let mut channel = Vec::new();
        let sent = Ready { process: 7 };
        assert!(send(&mut channel, &sent).is_ok());
        let mut reader = channel.as_slice();
        assert_eq!(receive(&mut reader).ok().flatten(), Some(sent));
        assert!(matches!(receive::<Ready>(&mut reader), Ok(None)));
    }

    #[test]
    fn broken_channels_are_errors() {
        assert!(receive::<Ready>([1, 0].as_slice()).is_err());
        assert!(receive::<Ready>([255; 8].as_slice()).is_err());
        assert!(receive::<Ready>([2, 0, 0, 0, b'x', b'y'].as_slice()).is_err());
        assert!(receive::<Ready>([5, 0, 0, 0, 1, 2, 3, 4, 5].as_slice()).is_err());
    }
}
