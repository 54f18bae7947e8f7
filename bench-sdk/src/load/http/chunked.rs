//! Bodies in chunks.

/// Bytes that extensions of chunks, or trailers, may take altogether.
const SPARE_BYTES: u32 = 64 << 10;
/// Hexadecimal digits of the greatest size of a chunk.
const DIGITS: u8 = 15;

/// How far a body in chunks has come; it is counted, not kept. RFC 9112, section 7.1; lines may
/// also end in a mere line feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunked {
    place: Place,
    /// Digits of a size, and then bytes of a chunk.
    left: u64,
    digits: u8,
    spare: u32,
    /// Bytes of the body so far.
    pub(crate) body: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Size,
    /// After the digits: blanks, extensions, the end of the line.
    AfterSize,
    Data,
    /// The line end after a chunk.
    AfterData,
    TrailerStart,
    Trailer,
    /// After the carriage return of the last line.
    LastFeed,
    End,
}

impl Chunked {
    /// Before the first byte.
    pub(crate) fn new() -> Self {
        Self { place: Place::Size, left: 0, digits: 0, spare: 0, body: 0 }
    }

    /// Whether the last byte was taken.
    pub(crate) fn is_complete(&self) -> bool {
        self.place == Place::End
    }

    /// Takes bytes as far as they belong to the body; returns how many.
    ///
    /// # Errors
    /// Says what is not as it should be.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<usize, &'static str> {
        let mut at = 0;
        while at < bytes.len() && !self.is_complete() {
            if self.place == Place::Data {
                let here = self.left.min((bytes.len() - at) as u64);
                self.left -= here;
                self.body += here;
                at += here as usize;
                if self.left == 0 {
                    self.place = Place::AfterData;
                }
            } else {
                self.step(bytes[at])?;
                at += 1;
            }
        }
        Ok(at)
    }

    fn step(&mut self, byte: u8) -> Result<(), &'static str> {
        match (self.place, byte) {
            (Place::Size, _) if byte.is_ascii_hexdigit() => {
                let digit = char::from(byte).to_digit(16).unwrap_or(0);
                if self.digits == DIGITS {
                    return Err("the size of a chunk is beyond all bounds");
                }
                self.left = self.left << 4 | u64::from(digit);
                self.digits += 1;
            }
            (Place::Size, b';' | b' ' | b'\t' | b'\r') if self.digits > 0 => {
                self.place = Place::AfterSize;
            }
            (Place::Size | Place::AfterSize, b'\n') if self.digits > 0 => self.begin_chunk(),
            (Place::Size, _) => return Err("a chunk has no size"),
            (Place::AfterSize, _) => self.spend()?,
            (Place::AfterData, b'\r') => {}
            (Place::AfterData, b'\n') => self.place = Place::Size,
            (Place::AfterData, _) => return Err("a chunk is longer than its size"),
            (Place::TrailerStart, b'\r') => self.place = Place::LastFeed,
            (Place::TrailerStart | Place::LastFeed, b'\n') => self.place = Place::End,
            (Place::LastFeed, _) => return Err("the last line of the chunks has no end"),
            (Place::Trailer, b'\n') => self.place = Place::TrailerStart,
            (Place::TrailerStart | Place::Trailer, _) => {
                self.place = Place::Trailer;
                self.spend()?;
            }
            (Place::Data | Place::End, _) => {}
        }
        Ok(())
    }

    fn begin_chunk(&mut self) {
        self.place = if self.left == 0 { Place::TrailerStart } else { Place::Data };
        self.digits = 0;
    }

    fn spend(&mut self) -> Result<(), &'static str> {
        self.spare += 1;
        if self.spare > SPARE_BYTES {
            return Err("extensions of chunks and trailers are longer than 64 KiB");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Result<(usize, u64, bool), &'static str> {
        let mut body = Chunked::new();
        let taken = body.take(text.as_bytes())?;
        Ok((taken, body.body, body.is_complete()))
    }

    #[test]
    fn chunks_are_counted_with_extensions_and_trailers() {
        assert_eq!(whole("5\r\nhello\r\n0\r\n\r\n"), Ok((15, 5, true)));
        assert_eq!(whole("5\r\nhello\r\n0\r\n\r\nrest"), Ok((15, 5, true)));
        let text = "a;name=\"v\" \r\n0123456789\r\n1F  \r\n0123456789012345678901234567890\r\n0\r\nA: b\r\nC: d\r\n\r\n";
        assert_eq!(whole(text), Ok((text.len(), 41, true)));
        assert_eq!(whole("1\nx\n0\n\n"), Ok((7, 1, true)));
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for text in ["\r\n", "x\r\n", "2\r\nabc\r\n", "0\r\n\rx", "fffffffffffffffff\r\n", ";x\r\n"]
        {
            assert!(whole(text).is_err(), "{text:?}");
        }
        let endless = format!("1;{}", "x".repeat(70_000));
        assert!(whole(&endless).is_err());
        let trailers = format!("0\r\n{}", "a: b\r\n".repeat(20_000));
        assert!(whole(&trailers).is_err());
    }

    #[test]
    fn any_split_gives_the_same() {
        let text = b"3;x=y\r\nabc\r\nA\r\n0123456789\r\n000\r\nT: u\r\n\r\n";
        for first in 0..text.len() {
            for second in first..text.len() {
                let mut body = Chunked::new();
                for part in [&text[..first], &text[first..second], &text[second..]] {
                    assert_eq!(body.take(part), Ok(part.len()));
                }
                assert!(body.is_complete(), "{first} {second}");
                assert_eq!(body.body, 13);
            }
        }
    }
}
