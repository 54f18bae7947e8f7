//! Messages between parent and worker: a length of four bytes, little-endian, then JSON.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::bencher::{Broken, LaunchSamples, Sampling};
use crate::clock::TimerSpec;
use crate::record::{CaseId, Counter};

/// No message is longer; a length beyond it means that the channel is broken.
const MAX_BYTES: u32 = 64 * 1024 * 1024;

/// What the parent says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub(super) enum ToWorker {
    /// First of all.
    Hello {
        timer: TimerSpec,
        seed: u64,
        /// Bytes by which the stack is shifted.
        stack_offset: u32,
    },
    /// Measure one case.
    Measure { order: Order },
}

/// One case to measure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: CaseId,
    /// Index of the benchmark in the catalog and of the case in it. The catalog is the same in
    /// every process of one executable; the cases are checked against `id`.
    pub(crate) entrant: usize,
    pub(crate) index: usize,
    /// The benchmark's name and the argument's label, to check both.
    pub(crate) entrant_id: CaseId,
    pub(crate) label: Option<String>,
    pub(crate) threads: Option<u32>,
    pub(crate) sampling: Sampling,
    pub(crate) counters: Vec<Counter>,
    /// A number that nobody can guess; the outcome repeats it. A benchmark that writes into the
    /// channel cannot pass for its worker.
    pub(crate) token: u64,
    /// Seed of this launch of this case.
    pub(crate) seed: u64,
    pub(crate) timeout_ns: u64,
}

/// What the worker says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub(super) enum FromWorker {
    /// Ready for orders.
    Ready,
    /// What came of an order.
    Outcome { token: u64, outcome: Box<Outcome> },
}

/// What came of one order.
#[derive(Clone, Debug, Serialize, Deserialize)]
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

/// Writes one message.
pub(super) fn send(mut to: impl Write, message: &impl Serialize) -> io::Result<()> {
    let body = serde_json::to_vec(message)?;
    let length = u32::try_from(body.len()).ok().filter(|length| *length <= MAX_BYTES);
    let length = length.ok_or_else(|| io::Error::other("message too long"))?;
    let mut frame = Vec::with_capacity(body.len() + 4);
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&body);
    to.write_all(&frame)
}

/// Reads one message; `None` where the other side has closed the channel between messages.
pub(super) fn receive<M: DeserializeOwned>(mut from: impl Read) -> io::Result<Option<M>> {
    let mut length = [0; 4];
    let mut got = 0;
    while got < length.len() {
        match from.read(&mut length[got..]) {
            Ok(0) if got == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => got += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let length = u32::from_le_bytes(length);
    if length > MAX_BYTES {
        return Err(io::Error::other("message too long"));
    }
    let mut body = vec![0; length as usize];
    from.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_as_they_went() {
        let mut channel = Vec::new();
        assert!(send(&mut channel, &FromWorker::Ready).is_ok());
        let mut reader = channel.as_slice();
        assert!(matches!(receive(&mut reader), Ok(Some(FromWorker::Ready))));
        assert!(matches!(receive::<FromWorker>(&mut reader), Ok(None)));
    }

    #[test]
    fn broken_channels_are_errors() {
        assert!(receive::<FromWorker>([1, 0].as_slice()).is_err());
        assert!(receive::<FromWorker>([255; 8].as_slice()).is_err());
        assert!(receive::<FromWorker>([2, 0, 0, 0, b'x', b'y'].as_slice()).is_err());
    }
}
