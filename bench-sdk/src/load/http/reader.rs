//! Reading a response from bytes as they come.

use super::chunked::Chunked;
use super::response::{Framing, Head, Response, head};

/// Bytes that the head of a response may take.
const HEAD_BYTES: usize = 64 << 10;
/// Up to this many bytes of a head are looked at anew with each read, so that what is no response
/// is noticed soon; longer ones once they are complete.
const EAGER_BYTES: usize = 1024;

/// How far a response has come. The body is counted and thrown away; of a head that comes in
/// pieces the pieces are kept until it is complete.
#[derive(Debug, Default)]
pub(crate) struct ResponseReader {
    is_head: bool,
    part: Part,
    kept: Vec<u8>,
    response: Option<Response>,
}

#[derive(Debug, Default)]
enum Part {
    #[default]
    Head,
    Length(u64),
    Chunks(Chunked),
    UntilClosed,
}

impl ResponseReader {
    /// Gets ready for the response to the next request; `is_head` tells that it is a HEAD.
    pub(crate) fn start(&mut self, is_head: bool) {
        self.is_head = is_head;
        self.part = Part::Head;
        self.kept = Vec::new();
        self.response = None;
    }

    /// Takes the next bytes, at least one. Returns the response when it is complete; bytes after
    /// its end mean that its connection cannot be used again.
    ///
    /// # Errors
    /// Says what is not as it should be.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<Option<Response>, &'static str> {
        if !matches!(self.part, Part::Head) {
            return self.feed_body(bytes);
        }
        if !self.kept.is_empty() {
            return self.feed_kept(bytes);
        }
        self.feed_heads(bytes)
    }

    /// Takes the end of the connection.
    ///
    /// # Errors
    /// The response is not complete.
    pub(crate) fn end(&mut self) -> Result<Response, &'static str> {
        let is_complete = matches!(self.part, Part::UntilClosed);
        let response = self.response.take().filter(|_| is_complete);
        response.ok_or("the connection ends before the response does")
    }

    /// Whether any byte of a response has come.
    pub(crate) fn has_begun(&self) -> bool {
        !self.kept.is_empty() || self.response.is_some()
    }

    fn feed_kept(&mut self, bytes: &[u8]) -> Result<Option<Response>, &'static str> {
        let before = self.kept.len();
        let fitting = bytes.len().min(HEAD_BYTES - before);
        self.kept.extend_from_slice(&bytes[..fitting]);
        if self.kept.len() > EAGER_BYTES && !ends_a_head(&self.kept, before) {
            return self.still_partial();
        }
        let Some(found) = head(&self.kept, self.is_head)? else { return self.still_partial() };
        let rest = &bytes[found.length.saturating_sub(before)..];
        self.kept = Vec::new();
        if found.response.is_announcement() {
            return self.feed_heads(rest);
        }
        self.after_head(found, rest)
    }

    fn still_partial(&self) -> Result<Option<Response>, &'static str> {
        if self.kept.len() >= HEAD_BYTES {
            return Err("its head is longer than 64 KiB");
        }
        Ok(None)
    }

    fn feed_heads(&mut self, mut bytes: &[u8]) -> Result<Option<Response>, &'static str> {
        while !bytes.is_empty() {
            let Some(found) = head(bytes, self.is_head)? else {
                self.kept.extend_from_slice(&bytes[..bytes.len().min(HEAD_BYTES)]);
                return self.still_partial();
            };
            bytes = &bytes[found.length..];
            if !found.response.is_announcement() {
                return self.after_head(found, bytes);
            }
        }
        Ok(None)
    }

    fn after_head(&mut self, found: Head, rest: &[u8]) -> Result<Option<Response>, &'static str> {
        let Head { mut response, framing, .. } = found;
        self.part = match framing {
            Framing::Empty => {
                response.keep &= rest.is_empty();
                return Ok(Some(response));
            }
            Framing::Length(length) => Part::Length(length),
            Framing::Chunks => Part::Chunks(Chunked::new()),
            Framing::UntilClosed => Part::UntilClosed,
        };
        self.response = Some(response);
        if rest.is_empty() { Ok(None) } else { self.feed_body(rest) }
    }

    fn feed_body(&mut self, bytes: &[u8]) -> Result<Option<Response>, &'static str> {
        let Some(response) = &mut self.response else { return Ok(None) };
        let (taken, is_complete) = match &mut self.part {
            Part::Length(left) => {
                let taken = (*left).min(bytes.len() as u64);
                *left -= taken;
                response.body += taken;
                (taken as usize, *left == 0)
            }
            Part::Chunks(chunked) => {
                let taken = chunked.take(bytes)?;
                response.body = chunked.body;
                (taken, chunked.is_complete())
            }
            Part::Head | Part::UntilClosed => {
                response.body += bytes.len() as u64;
                (bytes.len(), false)
            }
        };
        response.keep &= taken == bytes.len();
        Ok(if is_complete { self.response.take() } else { None })
    }
}

/// Whether the empty line that ends a head lies behind `before`, or begins a little before it.
fn ends_a_head(bytes: &[u8], before: usize) -> bool {
    let fresh = &bytes[before.saturating_sub(2)..];
    let feeds = fresh.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    feeds
        .map(|(at, _)| &fresh[at + 1..])
        .any(|rest| rest.starts_with(b"\n") || rest.starts_with(b"\r\n"))
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
