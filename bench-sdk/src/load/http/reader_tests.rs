//! What is read of responses, whatever the pieces that they come in.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail by panicking")]

use super::*;

/// A complete response, or what there is when the connection ends.
fn read(pieces: &[&[u8]], is_head: bool) -> Result<Response, &'static str> {
    let mut reader = ResponseReader::default();
    reader.start(is_head);
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        if let Some(response) = reader.feed(piece)? {
            return Ok(response);
        }
    }
    reader.end()
}

fn whole(text: &str) -> Result<Response, &'static str> {
    read(&[text.as_bytes()], false)
}

const VALID: &[(&str, u16, u64, bool)] = &[
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, 5, true),
    ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, 0, true),
    ("HTTP/1.1 204 No Content\r\n\r\n", 204, 0, true),
    ("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, 0, true),
    ("HTTP/1.1 200 OK\r\nConnection: Upgrade, Close\r\nContent-Length: 1\r\n\r\nx", 200, 1, false),
    ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", 200, 2, false),
    ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab", 200, 2, true),
    ("HTTP/1.0 200\r\n\r\nuntil the end", 200, 13, false),
    ("HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, 13, false),
    (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nwiki\r\n0\r\nA: b\r\n\r\n",
        200,
        4,
        true,
    ),
    (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        200,
        1,
        true,
    ),
    (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        200,
        1,
        false,
    ),
    ("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\nContent-Length: 1\r\n\r\nx", 200, 1, true),
    (
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n\
         HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nabc",
        500,
        3,
        true,
    ),
    ("HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n", 302, 0, true),
    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", 101, 0, false),
    ("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, 2, true),
];

#[test]
fn responses_are_framed_as_rfc_9112_says() {
    for (text, status, body, keep) in VALID {
        let found = whole(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((found.status, found.body, found.keep), (*status, *body, *keep), "{text}");
    }
    assert_eq!(whole(VALID[14].0).map(|r| r.location), Ok(Some(Box::from("/there"))));
}

#[test]
fn a_response_to_head_has_no_body() {
    let text = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
    let found = read(&[text], true).expect("complete");
    assert_eq!((found.body, found.keep), (0, true));
    assert!(read(&[text], false).is_err());
}

#[test]
fn any_split_in_three_gives_the_same() {
    for (text, ..) in VALID {
        let (text, expected) = (text.as_bytes(), whole(text));
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let pieces = [&text[..first], &text[first..second], &text[second..]];
                assert_eq!(read(&pieces, false), expected, "{first} {second}");
            }
        }
    }
}

#[test]
fn byte_by_byte_gives_the_same() {
    for (text, ..) in VALID {
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(read(&pieces, false), whole(text));
    }
}

#[test]
fn what_follows_a_response_spoils_its_connection() {
    for (text, status, body, _) in VALID.iter().filter(|(text, ..)| !text.contains("until")) {
        let found = whole(&format!("{text}HTTP/1.1 200 OK\r\n")).expect("complete");
        assert_eq!((found.status, found.body, found.keep), (*status, *body, false), "{text}");
    }
}

#[test]
fn what_is_no_response_is_refused() {
    for text in [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "\x16\x03\x01\x02\x00\x01",
        "220 mail ESMTP\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 042 Low\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nbad\0name: x\r\n\r\n",
    ] {
        assert!(whole(text).is_err(), "{text:?}");
        let mut reader = ResponseReader::default();
        reader.start(false);
        let refused = text.as_bytes().chunks(1).any(|piece| reader.feed(piece).is_err());
        assert!(refused, "byte by byte: {text:?}");
    }
}

#[test]
fn responses_that_end_early_are_not_complete() {
    for text in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
    ] {
        assert!(whole(text).is_err(), "{text:?}");
    }
}

#[test]
fn great_heads_are_read_up_to_a_bound() {
    let lines = |count: usize| "X-Filler: 0123456789\r\n".repeat(count);
    let fine = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 1\r\n\r\nx", lines(2500));
    for piece in [1, 7, 1000, 65_536] {
        let pieces: Vec<&[u8]> = fine.as_bytes().chunks(piece).collect();
        assert_eq!(read(&pieces, false).map(|found| found.body), Ok(1), "{piece}");
    }
    let great = format!("HTTP/1.1 200 OK\r\n{}\r\n", lines(4000));
    for piece in [1000, 65_536] {
        let pieces: Vec<&[u8]> = great.as_bytes().chunks(piece).collect();
        assert!(read(&pieces, false).is_err(), "{piece}");
    }
}

#[test]
fn bodies_are_not_gathered() {
    let mut reader = ResponseReader::default();
    reader.start(false);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n";
    assert_eq!(reader.feed(head.as_bytes()), Ok(None));
    let piece = vec![0_u8; 1 << 20];
    for _ in 0..10 * 1024 - 1 {
        assert_eq!(reader.feed(&piece), Ok(None));
    }
    let response = reader.feed(&piece).expect("fine").expect("complete");
    assert_eq!((response.body, response.keep), (10_737_418_240, true));
    assert_eq!(reader.kept.capacity(), 0);
}
