//! Answers, as bytes.

use std::fmt::Write;

use super::request::Refusal;

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Html,
    Json,
    Text,
    Events,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
            Self::Events => "text/event-stream",
        }
    }
}

/// The head of an answer; a stream has no length.
///
/// Nothing is kept by the browser, nothing of it may be taken for something else, and no other site may
/// have it within its pages. The policy of the page itself stands in the page.
pub(super) fn head(status: &str, kind: Kind, length: Option<usize>) -> String {
    let mut head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\
         X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         Cross-Origin-Opener-Policy: same-origin\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: frame-ancestors 'none'\r\n",
        kind.name()
    );
    if let Some(length) = length {
        // Writing to a `String` cannot fail.
        let _ = write!(head, "Content-Length: {length}\r\n");
    }
    if status.starts_with("405") {
        head.push_str("Allow: GET, HEAD\r\n");
    }
    head.push_str("\r\n");
    head
}

/// A whole answer, or its head alone.
pub(super) fn answer(status: &str, kind: Kind, body: &[u8], is_head: bool) -> Vec<u8> {
    let mut bytes = head(status, kind, Some(body.len())).into_bytes();
    if !is_head {
        bytes.extend_from_slice(body);
    }
    bytes
}

/// The answer to what is refused.
pub(super) fn refused(refusal: Refusal) -> Vec<u8> {
    let words = format!("{}\n", refusal.words());
    answer(refusal.status(), Kind::Text, words.as_bytes(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_its_length_and_a_head_no_body() {
        let whole =
            String::from_utf8(answer("200 OK", Kind::Json, b"{}", false)).unwrap_or_default();
        assert!(whole.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"));
        assert!(whole.contains("\r\nContent-Length: 2\r\n") && whole.ends_with("\r\n\r\n{}"));
        let bare = String::from_utf8(answer("200 OK", Kind::Json, b"{}", true)).unwrap_or_default();
        assert_eq!(format!("{bare}{{}}"), whole);
        assert!(!head("200 OK", Kind::Events, None).contains("Content-Length"));
    }

    #[test]
    fn a_refusal_says_why_and_what_is_allowed() {
        let text = String::from_utf8(refused(Refusal::Method)).unwrap_or_default();
        assert!(text.starts_with("HTTP/1.1 405 ") && text.contains("\r\nAllow: GET, HEAD\r\n"));
        assert!(text.ends_with("\r\n\r\nGET and HEAD are all that there is\n"));
    }
}
