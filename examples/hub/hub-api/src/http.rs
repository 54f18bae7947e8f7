//! As much of HTTP/1.1 as the hub speaks: bodies of a known length, connections that are kept.

use bench_sdk::hub_bench;

/// Longest head of a message, and most headers in it.
const MAX_HEAD: usize = 8 * 1024;
const MAX_HEADERS: usize = 32;
/// Longest body.
const MAX_BODY: usize = 64 * 1024;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// Path without a query.
    pub path: String,
    /// Body; often empty.
    pub body: Vec<u8>,
    /// Whether the connection is to be kept.
    pub keep: bool,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// A JSON text.
    pub body: String,
}

/// What is at the start of a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed<T> {
    /// A whole message, and how many bytes it takes.
    Whole(T, usize),
    /// The beginning of one.
    Partial,
}

/// Bytes that are no message, or too long a one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Reads a request from the start of a buffer.
#[hub_bench(args = [0, 1_000], inputs = |&length| posted(length))]
pub fn parse_request(bytes: &[u8]) -> Result<Parsed<Request>, Malformed> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(bytes) {
        Err(_) => return Err(Malformed),
        Ok(httparse::Status::Partial) => return partial(bytes.len() > MAX_HEAD),
        Ok(httparse::Status::Complete(length)) => length,
    };
    let (method, path) = (head.method.unwrap_or_default(), head.path.unwrap_or_default());
    let path = path.split('?').next().unwrap_or_default();
    let end = length + body_length(head.headers)?;
    let Some(body) = bytes.get(length..end) else { return Ok(Parsed::Partial) };
    let keep = head.version == Some(1) && !says(head.headers, "connection", "close");
    let (method, path, body) = (method.to_owned(), path.to_owned(), body.to_vec());
    Ok(Parsed::Whole(Request { method, path, body, keep }, end))
}

#[bench_sdk::bench_only]
fn posted(length: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_request(&mut bytes, "POST", "/tasks", &"x".repeat(length));
    bytes
}

/// Reads a reply from the start of a buffer.
pub fn parse_reply(bytes: &[u8]) -> Result<Parsed<Reply>, Malformed> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    match head.parse(bytes) {
        Err(_) => Err(Malformed),
        Ok(httparse::Status::Partial) => partial(bytes.len() > MAX_HEAD),
        Ok(httparse::Status::Complete(length)) => {
            let end = length + body_length(head.headers)?;
            let Some(body) = bytes.get(length..end) else { return Ok(Parsed::Partial) };
            let body = String::from_utf8_lossy(body).into_owned();
            Ok(Parsed::Whole(Reply { status: head.code.unwrap_or_default(), body }, end))
        }
    }
}

/// Appends a reply as it goes over the wire.
#[hub_bench(inputs = (Vec::with_capacity(256), Reply { status: 200, body: "{}".to_owned() }))]
pub fn write_reply(bytes: &mut Vec<u8>, reply: &Reply) {
    let reason = match reply.status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        _ => "Bad Request",
    };
    let Reply { status, body } = reply;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(body.as_bytes());
}

/// Appends a request as it goes over the wire.
pub fn write_request(bytes: &mut Vec<u8>, method: &str, path: &str, body: &str) {
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\nHost: hub\r\nContent-Length: {length}\r\n\r\n{body}");
    bytes.extend_from_slice(head.as_bytes());
}

fn partial<T>(broken: bool) -> Result<Parsed<T>, Malformed> {
    if broken { Err(Malformed) } else { Ok(Parsed::Partial) }
}

fn body_length(headers: &[httparse::Header<'_>]) -> Result<usize, Malformed> {
    let named = |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case("content-length");
    let Some(header) = headers.iter().find(named) else { return Ok(0) };
    let text = std::str::from_utf8(header.value).map_err(|_| Malformed)?;
    let length: usize = text.trim().parse().map_err(|_| Malformed)?;
    if length > MAX_BODY { Err(Malformed) } else { Ok(length) }
}

fn says(headers: &[httparse::Header<'_>], name: &str, value: &str) -> bool {
    headers.iter().any(|header| {
        header.name.eq_ignore_ascii_case(name)
            && header.value.eq_ignore_ascii_case(value.as_bytes())
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole_at_its_last_byte_and_not_before() {
        let mut bytes = Vec::new();
        write_request(&mut bytes, "POST", "/tasks?x=1", "{\"kind\":\"grade\"}");
        let whole = bytes.len();
        bytes.extend_from_slice(b"GET ");
        for end in 0..whole {
            assert_eq!(parse_request(&bytes[..end]).unwrap(), Parsed::Partial, "{end}");
        }
        let expected = Request {
            method: "POST".to_owned(),
            path: "/tasks".to_owned(),
            body: b"{\"kind\":\"grade\"}".to_vec(),
            keep: true,
        };
        assert_eq!(parse_request(&bytes).unwrap(), Parsed::Whole(expected, whole));
    }

    #[test]
    fn a_reply_comes_back_as_it_was() {
        let reply = Reply { status: 409, body: "{\"error\":\"taken\"}".to_owned() };
        let mut bytes = Vec::new();
        write_reply(&mut bytes, &reply);
        assert_eq!(parse_reply(&bytes[..30]).unwrap(), Parsed::Partial);
        assert_eq!(parse_reply(&bytes).unwrap(), Parsed::Whole(reply, bytes.len()));
    }

    #[test]
    fn garbage_and_what_is_too_long_are_refused() {
        assert_eq!(parse_request(b"\0\0\0\0"), Err(Malformed));
        let endless = [&b"GET / HTTP/1.1\r\nX: "[..], &vec![b'x'; MAX_HEAD]].concat();
        assert_eq!(parse_request(&endless), Err(Malformed));
        let huge = b"POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n";
        assert_eq!(parse_request(huge), Err(Malformed));
    }

    #[test]
    fn a_connection_is_kept_unless_asked_otherwise() {
        let keep = |text: &str| match parse_request(text.as_bytes()).unwrap() {
            Parsed::Whole(request, _) => request.keep,
            Parsed::Partial => panic!("not whole: {text}"),
        };
        assert!(keep("GET / HTTP/1.1\r\n\r\n"));
        assert!(!keep("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n"));
        assert!(!keep("GET / HTTP/1.0\r\n\r\n"));
    }
}
