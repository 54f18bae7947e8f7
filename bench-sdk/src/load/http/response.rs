//! The head of a response, and how its body is framed.

use std::mem::MaybeUninit;

use httparse::{Header, ParserConfig, Status};

/// Headers that are taken apart without asking for memory.
const FEW_HEADERS: usize = 64;
/// Headers that a response may have at all.
const MANY_HEADERS: usize = 4096;

/// Versions of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// HTTP/1.0
    Http10,
    /// HTTP/1.1
    Http11,
    /// HTTP/2
    #[cfg_attr(not(feature = "load-http2"), expect(dead_code, reason = "made by that feature"))]
    Http2,
}

impl Version {
    /// How k6 writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
            Self::Http2 => "HTTP/2.0",
        }
    }
}

/// What is kept of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    /// Its status, from 100 to 999.
    pub(crate) status: u16,
    /// What it came over.
    pub(crate) version: Version,
    /// Whether another request may follow on its connection.
    pub(crate) keep: bool,
    /// Where it sends on to, of redirects.
    pub(crate) location: Option<Box<str>>,
    /// Bytes of its body, without framing.
    pub(crate) body: u64,
}

impl Response {
    /// Whether it only announces the response, which follows.
    pub(crate) fn is_announcement(&self) -> bool {
        self.status < 200 && self.status != 101
    }
}

/// How the end of a body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// There is none.
    Empty,
    /// It has that many bytes.
    Length(u64),
    /// It comes in chunks.
    Chunks,
    /// It lasts until the connection is closed.
    UntilClosed,
}

/// A head that is complete.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) response: Response,
    pub(crate) framing: Framing,
    /// How long it is, in bytes.
    pub(crate) length: usize,
}

/// Takes the head of a response apart; `None` where it is not complete yet. `is_head` tells that
/// the request was a HEAD, whose response has no body.
///
/// # Errors
/// Says what is not as it should be.
pub(crate) fn head(bytes: &[u8], is_head: bool) -> Result<Option<Head>, &'static str> {
    let mut headers = [const { MaybeUninit::<Header<'_>>::uninit() }; FEW_HEADERS];
    let found = match parsed(bytes, &mut headers, is_head) {
        Err(httparse::Error::TooManyHeaders) => {
            let mut headers = Box::<[Header<'_>]>::new_uninit_slice(MANY_HEADERS);
            parsed(bytes, &mut headers, is_head)
        }
        other => other,
    };
    found.map_err(wrong)?.transpose()
}

fn wrong(error: httparse::Error) -> &'static str {
    match error {
        httparse::Error::Status => "the status line has no number from 100 to 999",
        httparse::Error::Version => "it does not begin with HTTP/1.0 or HTTP/1.1",
        httparse::Error::TooManyHeaders => "it has more than 4096 headers",
        httparse::Error::HeaderName => "the name of a header is none",
        httparse::Error::HeaderValue => "the value of a header has control characters",
        _ => "its head cannot be read",
    }
}

type Parsed = Option<Result<Head, &'static str>>;

fn parsed<'b>(
    bytes: &'b [u8],
    headers: &mut [MaybeUninit<Header<'b>>],
    is_head: bool,
) -> Result<Parsed, httparse::Error> {
    let mut found = httparse::Response::new(&mut []);
    let config = ParserConfig::default();
    let status = config.parse_response_with_uninit_headers(&mut found, bytes, headers)?;
    let Status::Complete(length) = status else { return Ok(None) };
    let (status, version) = (found.code.unwrap_or(0), found.version.unwrap_or(0));
    if status < 100 {
        return Err(httparse::Error::Status);
    }
    let is_11 = version == 1;
    Ok(Some(Fields::of(found.headers, status).map(|fields| {
        let (framing, is_sound) = fields.framing(status, is_head, is_11);
        let keep = is_sound
            && !fields.close
            && (is_11 || fields.keep_alive)
            && framing != Framing::UntilClosed
            && status != 101;
        let location = fields.location;
        let version = if is_11 { Version::Http11 } else { Version::Http10 };
        Head { response: Response { status, version, keep, location, body: 0 }, framing, length }
    })))
}

/// The headers that matter.
#[derive(Default)]
struct Fields {
    close: bool,
    keep_alive: bool,
    length: Option<u64>,
    codings: Option<Codings>,
    location: Option<Box<str>>,
}

/// What `Transfer-Encoding` says.
#[derive(Clone, Copy)]
enum Codings {
    /// The last of them is chunks.
    Chunked,
    /// None that tells where the body ends.
    Others,
}

impl Fields {
    fn of(headers: &[Header<'_>], status: u16) -> Result<Self, &'static str> {
        let mut fields = Self::default();
        for header in headers {
            let is = |name: &str| header.name.eq_ignore_ascii_case(name);
            // Lengths first: most headers are none of these.
            match header.name.len() {
                10 if is("connection") => {
                    for word in words(header.value) {
                        fields.close |= word.eq_ignore_ascii_case(b"close");
                        fields.keep_alive |= word.eq_ignore_ascii_case(b"keep-alive");
                    }
                }
                14 if is("content-length") => fields.add_length(header.value)?,
                17 if is("transfer-encoding") => {
                    let last = words(header.value).last();
                    let is_chunked = last.is_some_and(|word| word.eq_ignore_ascii_case(b"chunked"));
                    fields.codings =
                        Some(if is_chunked { Codings::Chunked } else { Codings::Others });
                }
                8 if is("location") => fields.location = location(status, || Some(header.value)),
                _ => {}
            }
        }
        Ok(fields)
    }

    fn add_length(&mut self, value: &[u8]) -> Result<(), &'static str> {
        for word in words(value) {
            let length = number(word).ok_or("its Content-Length is not a number")?;
            if self.length.is_some_and(|other| other != length) {
                return Err("it has two different values of Content-Length");
            }
            self.length = Some(length);
        }
        Ok(())
    }

    /// RFC 9112, section 6.3, and whether the connection can be trusted after it.
    fn framing(&self, status: u16, is_head: bool, is_11: bool) -> (Framing, bool) {
        if is_head || status < 200 || status == 204 || status == 304 {
            return (Framing::Empty, true);
        }
        if let Some(codings) = self.codings {
            let framing = match codings {
                Codings::Chunked => Framing::Chunks,
                Codings::Others => Framing::UntilClosed,
            };
            return (framing, is_11 && self.length.is_none());
        }
        let framing = match self.length {
            Some(0) => Framing::Empty,
            Some(length) => Framing::Length(length),
            None => Framing::UntilClosed,
        };
        (framing, true)
    }
}

/// Where a response with that status sends on to, given its header `Location`, in which what is not
/// UTF-8 is replaced.
pub(crate) fn location<'h>(
    status: u16,
    header: impl FnOnce() -> Option<&'h [u8]>,
) -> Option<Box<str>> {
    let sends_on = matches!(status, 301 | 302 | 303 | 307 | 308);
    let value = if sends_on { header() } else { None };
    Some(String::from_utf8_lossy(value?).into())
}

fn words(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

/// Digits as a number.
fn number(digits: &[u8]) -> Option<u64> {
    let add = |sum: u64, byte: &u8| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, add) }
}
