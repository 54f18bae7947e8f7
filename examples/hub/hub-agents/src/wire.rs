//! The bytes of a message between two hubs.
//!
//! ```text
//! "HM" version  from  address  topic-length topic  body-length body  checksum
//!  2   1        varint 1+varint varint             varint            4, little endian
//! ```
//! Numbers are LEB128; the checksum is FNV-1a over everything before it.

use std::fmt;

use bench_sdk::hub_bench;

use crate::agent::AgentId;
use crate::capability::Capability;
use crate::message::{Address, Message};

const MAGIC: [u8; 2] = *b"HM";
const VERSION: u8 = 1;
const CHECKSUM_BYTES: usize = 4;

/// Writes a message as one frame.
#[hub_bench(inputs = kibibyte_message, bytes_count = 1024, tags = ["wire"])]
pub fn encode(message: &Message) -> Vec<u8> {
    let mut frame = Vec::with_capacity(message.topic.len() + message.body.len() + 32);
    frame.extend_from_slice(&MAGIC);
    frame.push(VERSION);
    put_number(&mut frame, message.from.number());
    let (tag, number) = match message.to {
        Address::Agent(id) => (0, id.number()),
        Address::Capability(capability) => (1, capability.index() as u32),
        Address::Everyone => (2, 0),
    };
    frame.push(tag);
    put_number(&mut frame, number);
    for field in [message.topic.as_bytes(), &message.body] {
        put_number(&mut frame, field.len() as u32);
        frame.extend_from_slice(field);
    }
    let checksum = checksum(&frame);
    frame.extend_from_slice(&checksum.to_le_bytes());
    frame
}

/// Reads one frame back; what is not exactly one intact frame is refused.
#[hub_bench(inputs = || encode(&kibibyte_message()), bytes_count = 1024, tags = ["wire"])]
pub fn decode(frame: &[u8]) -> Result<Message, DecodeError> {
    let (content, stored) =
        frame.split_last_chunk::<CHECKSUM_BYTES>().ok_or(DecodeError::Truncated)?;
    let mut rest = content;
    if take(&mut rest, MAGIC.len())? != MAGIC {
        return Err(DecodeError::NotAMessage);
    }
    match take(&mut rest, 1)? {
        [VERSION] => {}
        other => return Err(DecodeError::Version(other[0])),
    }
    if checksum(content) != u32::from_le_bytes(*stored) {
        return Err(DecodeError::Checksum);
    }
    let from = AgentId::new(take_number(&mut rest)?);
    let tag = take(&mut rest, 1)?[0];
    let to = address(tag, take_number(&mut rest)?)?;
    let topic = take_field(&mut rest)?;
    let body = take_field(&mut rest)?.to_vec();
    if !rest.is_empty() {
        return Err(DecodeError::TrailingBytes(rest.len()));
    }
    let topic = std::str::from_utf8(topic).map_err(|_| DecodeError::TopicNotText)?.to_owned();
    Ok(Message { from, to, topic, body })
}

fn address(tag: u8, number: u32) -> Result<Address, DecodeError> {
    match tag {
        0 => Ok(Address::Agent(AgentId::new(number))),
        1 => Capability::ALL
            .get(number as usize)
            .map(|&capability| Address::Capability(capability))
            .ok_or(DecodeError::Address(tag)),
        2 => Ok(Address::Everyone),
        _ => Err(DecodeError::Address(tag)),
    }
}

fn put_number(frame: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        frame.push(number as u8 | 0x80);
        number >>= 7;
    }
    frame.push(number as u8);
}

fn take_number(rest: &mut &[u8]) -> Result<u32, DecodeError> {
    let mut number = 0_u64;
    for shift in [0, 7, 14, 21, 28] {
        let byte = take(rest, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return u32::try_from(number).map_err(|_| DecodeError::NumberTooLarge);
        }
    }
    Err(DecodeError::NumberTooLarge)
}

fn take_field<'f>(rest: &mut &'f [u8]) -> Result<&'f [u8], DecodeError> {
    let length = take_number(rest)? as usize;
    take(rest, length)
}

fn take<'f>(rest: &mut &'f [u8], length: usize) -> Result<&'f [u8], DecodeError> {
    let (taken, after) = rest.split_at_checked(length).ok_or(DecodeError::Truncated)?;
    *rest = after;
    Ok(taken)
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[bench_sdk::bench_only]
fn kibibyte_message() -> Message {
    crate::sample::message(Address::Everyone, 1024)
}

/// Why a frame could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The frame ends too early.
    Truncated,
    /// The frame does not begin as messages do.
    NotAMessage,
    /// The frame was written in a version that this hub does not know.
    Version(u8),
    /// The bytes are not those that were sent.
    Checksum,
    /// The kind of address, or what it points to, is unknown.
    Address(u8),
    /// A number does not fit into 32 bits.
    NumberTooLarge,
    /// The topic is not UTF-8.
    TopicNotText,
    /// Something follows the body.
    TrailingBytes(usize),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the frame ends too early"),
            Self::NotAMessage => f.write_str("the frame is not a message"),
            Self::Version(version) => {
                write!(f, "wire version {version} is not {VERSION}")
            }
            Self::Checksum => f.write_str("the checksum does not match"),
            Self::Address(tag) => write!(f, "unknown address of kind {tag}"),
            Self::NumberTooLarge => f.write_str("a number does not fit into 32 bits"),
            Self::TopicNotText => f.write_str("the topic is not UTF-8"),
            Self::TrailingBytes(count) => write!(f, "{count} bytes follow the body"),
        }
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn addresses() -> [Address; 4] {
        [
            Address::Everyone,
            Address::Agent(AgentId::new(0)),
            Address::Agent(AgentId::new(u32::MAX)),
            Address::Capability(Capability::Retrieve),
        ]
    }

    #[test]
    fn every_message_reads_back_as_itself() {
        for to in addresses() {
            for bytes in [0, 1, 127, 128, 20_000] {
                let message = sample::message(to, bytes);
                assert_eq!(decode(&encode(&message)), Ok(message));
            }
        }
    }

    #[test]
    fn the_format_is_what_the_documentation_says() {
        let id = AgentId::new(300);
        let message = Message::text(AgentId::new(1), Address::Agent(id), "t", "ok");
        let frame = encode(&message);
        let content = b"HM\x01\x01\x00\xac\x02\x01t\x02ok";
        assert_eq!(frame.split_at(content.len()).0, content);
        assert_eq!(frame.len(), content.len() + CHECKSUM_BYTES);
    }

    #[test]
    fn no_part_of_a_frame_reads_as_a_message() {
        let frame = encode(&sample::message(Address::Everyone, 32));
        for end in 0..frame.len() {
            assert!(decode(&frame[..end]).is_err(), "first {end} bytes");
        }
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let frame = encode(&sample::message(Address::Everyone, 32));
        for position in 0..frame.len() {
            let mut damaged = frame.clone();
            damaged[position] ^= 0x10;
            assert!(decode(&damaged).is_err(), "byte {position}");
        }
    }

    #[test]
    fn strangers_are_told_apart() {
        assert_eq!(decode(b"GET / HTTP/1.1"), Err(DecodeError::NotAMessage));
        assert_eq!(decode(b"HM\x07abcd"), Err(DecodeError::Version(7)));
        assert_eq!(decode(b""), Err(DecodeError::Truncated));
    }
}
