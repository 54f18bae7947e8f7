//! Frames of RFC 6455, section 5.

/// Bytes that the payload of a control frame may have.
const CONTROL_BYTES: u64 = 125;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A part of a message that is not its first.
    Continuation,
    /// The beginning of a message of text.
    Text,
    /// The beginning of any other message.
    Binary,
    /// The end of the connection.
    Close,
    /// A question whether somebody is there.
    Ping,
    /// The answer to it.
    Pong,
}

impl Kind {
    fn code(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    fn of(code: u8) -> Option<Self> {
        let all =
            [Self::Continuation, Self::Text, Self::Binary, Self::Close, Self::Ping, Self::Pong];
        all.into_iter().find(|kind| kind.code() == code)
    }

    fn is_control(self) -> bool {
        self.code() >= 8
    }
}

/// Writes a whole frame as clients send it, masked with that key.
pub(crate) fn push_frame(out: &mut Vec<u8>, kind: Kind, payload: &[u8], mask: [u8; 4]) {
    const LAST: u8 = 0x80;
    /// With a length of two, or of eight, bytes after it.
    const MASKED: [u8; 3] = [0x80, 0x80 | 0x7e, 0x80 | 0x7f];
    out.push(LAST | kind.code());
    match payload.len() {
        length @ 0..=125 => out.push(MASKED[0] | length as u8),
        length @ 126..=0xffff => {
            out.push(MASKED[1]);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(MASKED[2]);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&mask);
    let from = out.len();
    out.extend_from_slice(payload);
    for (byte, key) in out[from..].iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// A whole message.
    Message,
    /// A question that is to be answered with the same bytes.
    Ping(Vec<u8>),
    /// An answer.
    Pong,
    /// The end, with its code where it has one.
    Close(Option<u16>),
}

/// How far the frames of a server have come. Messages are counted, not kept.
#[derive(Debug, Default)]
pub(crate) struct FrameReader {
    head: [u8; 10],
    have: usize,
    body: Option<Body>,
    is_in_message: bool,
}

#[derive(Debug)]
struct Body {
    kind: Kind,
    is_last: bool,
    left: u64,
    /// Of control frames only.
    kept: Vec<u8>,
}

impl FrameReader {
    /// Takes bytes, and tells what became complete.
    ///
    /// # Errors
    /// Says what is not as the protocol has it.
    pub(crate) fn feed(
        &mut self,
        mut bytes: &[u8],
        mut tell: impl FnMut(Came),
    ) -> Result<(), &'static str> {
        while !bytes.is_empty() {
            if self.body.is_none() {
                self.head[self.have] = bytes[0];
                self.have += 1;
                bytes = &bytes[1..];
                self.begin_body()?;
            }
            let Some(body) = &mut self.body else { continue };
            let here = body.left.min(bytes.len() as u64) as usize;
            if body.kind.is_control() {
                body.kept.extend_from_slice(&bytes[..here]);
            }
            body.left -= here as u64;
            bytes = &bytes[here..];
            if body.left == 0 {
                self.end_body(&mut tell);
            }
        }
        Ok(())
    }

    /// Begins the payload of a frame where its head is complete.
    fn begin_body(&mut self) -> Result<(), &'static str> {
        let head = &self.head[..self.have];
        let &[first, second, ..] = head else { return Ok(()) };
        if second & 0x80 != 0 {
            return Err("a server's frame is masked");
        }
        let left = match (second, &head[2..]) {
            (126, &[a, b]) => u64::from(u16::from_be_bytes([a, b])),
            (127, rest) if rest.len() == 8 => {
                rest.iter().fold(0, |length, byte| length << 8 | u64::from(*byte))
            }
            (126 | 127, _) => return Ok(()),
            (length, _) => u64::from(length),
        };
        if left >> 63 != 0 {
            return Err("the length of a frame is beyond all bounds");
        }
        let kind = Kind::of(first & 0x0f).ok_or("a frame is of a kind that there is none of")?;
        let is_last = first & 0x80 != 0;
        self.check(kind, is_last, first, left)?;
        self.have = 0;
        self.body = Some(Body { kind, is_last, left, kept: Vec::new() });
        Ok(())
    }

    fn check(&self, kind: Kind, is_last: bool, first: u8, length: u64) -> Result<(), &'static str> {
        if first & 0x70 != 0 {
            return Err("a frame uses an extension that was not agreed on");
        }
        if kind.is_control() {
            let is_sound = is_last && length <= CONTROL_BYTES;
            return is_sound.then_some(()).ok_or("a control frame is in parts, or too long");
        }
        let continues = kind == Kind::Continuation;
        let follows = continues == self.is_in_message;
        follows.then_some(()).ok_or("the parts of a message are out of order")
    }

    fn end_body(&mut self, tell: &mut impl FnMut(Came)) {
        let Some(body) = self.body.take() else { return };
        match body.kind {
            Kind::Ping => tell(Came::Ping(body.kept)),
            Kind::Pong => tell(Came::Pong),
            Kind::Close => tell(Came::Close(match body.kept[..] {
                [a, b, ..] => Some(u16::from_be_bytes([a, b])),
                _ => None,
            })),
            Kind::Text | Kind::Binary | Kind::Continuation => {
                self.is_in_message = !body.is_last;
                if body.is_last {
                    tell(Came::Message);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;

    /// A frame as servers send it.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = vec![first];
        match payload.len() {
            length @ 0..=125 => out.push(length as u8),
            length @ 126..=0xffff => {
                out.push(126);
                out.extend_from_slice(&(length as u16).to_be_bytes());
            }
            length => {
                out.push(127);
                out.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        out.extend_from_slice(payload);
        out
    }

    fn read(pieces: &[&[u8]]) -> Result<Vec<Came>, &'static str> {
        let mut reader = FrameReader::default();
        let mut came = Vec::new();
        for piece in pieces {
            reader.feed(piece, |event| came.push(event))?;
        }
        Ok(came)
    }

    #[test]
    fn frames_are_masked_as_in_the_examples_of_rfc_6455() {
        let mut out = Vec::new();
        push_frame(&mut out, Kind::Text, b"Hello", [0x37, 0xfa, 0x21, 0x3d]);
        assert_eq!(out, [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]);
        for (length, head) in [(126, 8), (0xffff, 8), (0x1_0000, 14)] {
            let mut out = Vec::new();
            push_frame(&mut out, Kind::Binary, &vec![7; length], [0; 4]);
            assert_eq!(out.len(), length + head);
        }
    }

    #[test]
    fn any_split_gives_the_same() {
        let mut text = frame(0x01, b"Hel");
        text.extend(frame(0x89, b"are you there"));
        text.extend(frame(0x80, b"lo"));
        text.extend(frame(0x82, &[7; 300]));
        text.extend(frame(0x8a, b""));
        text.extend(frame(0x81, b""));
        text.extend(frame(0x88, &[0x03, 0xe8, b'x']));
        let expected = vec![
            Came::Ping(b"are you there".to_vec()),
            Came::Message,
            Came::Message,
            Came::Pong,
            Came::Message,
            Came::Close(Some(1000)),
        ];
        for split in 0..=text.len() {
            let (first, second) = text.split_at(split);
            assert_eq!(read(&[first, second]), Ok(expected.clone()), "{split}");
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(read(&bytes), Ok(expected));
        assert_eq!(read(&[&frame(0x82, &vec![0; 70_000])]), Ok(vec![Came::Message]));
    }

    #[test]
    fn what_breaks_the_protocol_is_refused() {
        for (bytes, why) in [
            (vec![0x81, 0x80, 0, 0, 0, 0], "masked"),
            (vec![0xc1, 0], "extension"),
            (vec![0x83, 0], "none of"),
            (vec![0x80, 0], "out of order"),
            (vec![0x01, 0, 0x81, 0], "out of order"),
            (vec![0x09, 0], "in parts"),
            (vec![0x89, 126, 0, 200], "too long"),
            (vec![0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0], "beyond all bounds"),
        ] {
            let error = read(&[&bytes]).expect_err(why);
            assert!(error.contains(why), "{error}");
        }
    }
}
