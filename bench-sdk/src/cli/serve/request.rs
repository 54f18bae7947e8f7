//! What a client asks for: bytes in, a decision out.

use std::net::SocketAddr;

/// Header lines that are read; browsers send about twenty.
const MOST_HEADERS: usize = 64;

/// A request that is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// Whether only the head of the answer is wanted.
    pub(super) is_head: bool,
    pub(super) wanted: Wanted,
}

/// What is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The page, gathered anew.
    Page,
    /// What the run that goes on tells.
    Events,
    /// The record of the run of that id.
    Run(String),
}

/// Why a request is not answered, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not HTTP/1.
    Malformed,
    /// It does not say once which host it means.
    NoHost,
    /// It was meant for another host: a page from elsewhere that calls itself by this address.
    WrongHost,
    /// It wants to change something.
    Method,
    /// There is no such thing.
    NotFound,
    /// It is longer than any that is answered.
    TooLong,
    /// There are too many at once.
    Busy,
}

impl Refusal {
    /// Status line without the version.
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Malformed | Self::NoHost => "400 Bad Request",
            Self::WrongHost => "403 Forbidden",
            Self::Method => "405 Method Not Allowed",
            Self::NotFound => "404 Not Found",
            Self::TooLong => "431 Request Header Fields Too Large",
            Self::Busy => "503 Service Unavailable",
        }
    }

    /// What to tell.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Malformed => "this is not a request of HTTP/1",
            Self::NoHost => "the request has to name one host",
            Self::WrongHost => {
                "this server answers to its own address only, as the command printed it"
            }
            Self::Method => "GET and HEAD are all that there is",
            Self::NotFound => "there are /, /events and /runs/ID/run.json",
            Self::TooLong => "the request is too long",
            Self::Busy => "too many connections are open; close some of the pages",
        }
    }
}

/// Reads the head of a request to the server at `own`; `None` while its end is not there.
pub(super) fn read_request(bytes: &[u8], own: SocketAddr) -> Result<Option<Request>, Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    match head.parse(bytes) {
        Ok(httparse::Status::Partial) => return Ok(None),
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::TooLong),
        Err(_) => return Err(Refusal::Malformed),
    }
    let mut hosts = head.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Refusal::NoHost) };
    if !is_own(host.value, own) {
        return Err(Refusal::WrongHost);
    }
    let is_head = match head.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Err(Refusal::Method),
    };
    let wanted = wanted(head.path.unwrap_or_default()).ok_or(Refusal::NotFound)?;
    Ok(Some(Request { is_head, wanted }))
}

/// Whether a `Host` is this server: a name that leads here from elsewhere would let any page on the
/// network read the answers.
fn is_own(host: &[u8], own: SocketAddr) -> bool {
    let Ok(host) = std::str::from_utf8(host) else { return false };
    let host = host.trim().to_ascii_lowercase();
    let port = format!(":{}", own.port());
    let name = match host.strip_suffix(port.as_str()) {
        Some(name) => name,
        // A browser leaves the usual port out.
        None if own.port() == 80 => host.as_str(),
        None => return false,
    };
    let numbers = match own {
        SocketAddr::V4(own) => own.ip().to_string(),
        SocketAddr::V6(own) => format!("[{}]", own.ip()),
    };
    name == "localhost" || name == numbers
}

/// What a path names. Paths are compared and never resolved, so that none leads out.
fn wanted(target: &str) -> Option<Wanted> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    match path {
        "/" => Some(Wanted::Page),
        "/events" => Some(Wanted::Events),
        _ => {
            let id = path.strip_prefix("/runs/")?.strip_suffix("/run.json")?;
            let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
            (!id.is_empty() && id.chars().all(is_plain)).then(|| Wanted::Run(id.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 8040))
    }

    fn asked(line: &str, host: &str) -> Result<Option<Request>, Refusal> {
        read_request(format!("{line}\r\nHost: {host}\r\n\r\n").as_bytes(), own())
    }

    fn path(path: &str) -> Result<Option<Request>, Refusal> {
        asked(&format!("GET {path} HTTP/1.1"), "127.0.0.1:8040")
    }

    #[test]
    fn what_is_there_is_found() {
        let found = |wanted| Ok(Some(Request { is_head: false, wanted }));
        assert_eq!(path("/"), found(Wanted::Page));
        assert_eq!(path("/?x=../"), found(Wanted::Page));
        assert_eq!(path("/events"), found(Wanted::Events));
        let id = "20260101_120000_3f2a";
        assert_eq!(path(&format!("/runs/{id}/run.json")), found(Wanted::Run(id.into())));
        let head = asked("HEAD / HTTP/1.1", "localhost:8040");
        assert_eq!(head, Ok(Some(Request { is_head: true, wanted: Wanted::Page })));
    }

    #[test]
    fn no_path_leads_out() {
        for hostile in [
            "/../etc/passwd",
            "/runs/../run.json",
            "/runs/../../secret/run.json",
            "/runs/%2e%2e/run.json",
            "/runs/..%2f..%2fx/run.json",
            "/runs//run.json",
            "/runs/a/b/run.json",
            "/runs/a\\b/run.json",
            "/runs/a/run.json/",
            "/runs/a",
            "//",
            "/events/",
            "http://127.0.0.1:8040/",
            "*",
        ] {
            assert_eq!(path(hostile), Err(Refusal::NotFound), "{hostile}");
        }
    }

    #[test]
    fn only_its_own_name_is_answered_to() {
        for host in ["127.0.0.1:8040", "localhost:8040", "LOCALHOST:8040"] {
            assert!(asked("GET / HTTP/1.1", host).is_ok(), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8040",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:80408040",
            "127.0.0.1.evil.example:8040",
            "[::1]:8040",
            "",
        ] {
            assert_eq!(asked("GET / HTTP/1.1", host), Err(Refusal::WrongHost), "{host}");
        }
        let six = SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 80));
        assert!(read_request(b"GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n", six).is_ok());
        let none = read_request(b"GET / HTTP/1.0\r\n\r\n", own());
        assert_eq!(none, Err(Refusal::NoHost));
        let two = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8040\r\nHost: evil.example\r\n\r\n";
        assert_eq!(read_request(two, own()), Err(Refusal::NoHost));
    }

    #[test]
    fn nothing_is_changed_and_nonsense_is_refused() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get"] {
            let line = format!("{method} / HTTP/1.1");
            assert_eq!(asked(&line, "localhost:8040"), Err(Refusal::Method), "{method}");
        }
        assert_eq!(read_request(b"\x16\x03\x01\x02\x00\x01", own()), Err(Refusal::Malformed));
        assert_eq!(read_request(b"GET / HTTP/1.1\r\nHost: loc", own()), Ok(None));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(MOST_HEADERS + 1));
        assert_eq!(read_request(many.as_bytes(), own()), Err(Refusal::TooLong));
    }
}
