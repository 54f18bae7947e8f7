//! Round trips with real servers on loopback.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::WebSocketTarget;
use super::handshake::accepted;
use crate::clock::RunClock;
use crate::load::http::HttpOptions;
use crate::load::http::fixture::{Came, Connection, server};
use crate::load::ledger::{Ledger, Noted};
use crate::load::recorder::Recorder;
use crate::load::target::{Seat, Target, Turn, User};
use crate::record::load::Tags;
use crate::stats::Metrics;

/// A server that makes the handshake and hands the connection on.
fn websocket(serve: impl Fn(&mut Connection) + Send + Sync + 'static) -> SocketAddr {
    server(move |_, connection| {
        let Some(request) = connection.request() else { return };
        let key = request.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "));
        let Some(key) = key else { return };
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {}\r\n\r\n",
            accepted(key)
        );
        connection.send(answer.as_bytes());
        serve(connection);
    })
}

/// The next short frame of a client: its first byte and its payload.
fn frame(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 6];
    stream.read_exact(&mut head).ok()?;
    assert!(head[1] & 0x80 != 0, "frames of clients are masked");
    let mut payload = vec![0; usize::from(head[1] & 0x7f)];
    stream.read_exact(&mut payload).ok()?;
    let mask = head[2..].iter().cycle();
    Some((head[0], payload.iter().zip(mask).map(|(byte, key)| byte ^ key).collect()))
}

fn answer(stream: &mut TcpStream, first: u8, payload: &[u8]) {
    let mut bytes = vec![first, payload.len() as u8];
    bytes.extend_from_slice(payload);
    let _ = stream.write_all(&bytes);
}

fn run(address: SocketAddr, message: &str, iterations: u64) -> Came {
    run_pausing(address, message, iterations, Duration::ZERO)
}

fn run_pausing(address: SocketAddr, message: &str, iterations: u64, pause: Duration) -> Came {
    let options = HttpOptions { timeout: Duration::from_millis(300), ..HttpOptions::default() };
    let url = format!("ws://{address}/live");
    let target = WebSocketTarget::open(&url, message, &[], options).expect("a target");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ledger = Arc::new(Mutex::new(Ledger::new(&[], 1)));
    let (outcomes, rest_ns) = runtime.expect("a runtime").block_on(async {
        let recorder = Recorder::new(Arc::clone(&ledger), RunClock::start(), 0, Tags::new());
        let seat = Seat { vu: 7, recorder, seed: 1, env: Tags::new().into() };
        let mut user = target.user(seat).await.expect("a user");
        let mut outcomes = Vec::new();
        for of_user in 0..iterations {
            outcomes.push(user.iterate(Turn { of_user, of_scenario: of_user }).await);
            tokio::time::sleep(pause).await;
        }
        (outcomes, user.rest_ns())
    });
    let (mut metrics, mut noted) = (Metrics::new(), Noted::default());
    ledger.lock().expect("no panic").drain_into(&mut metrics, &mut noted);
    Came { outcomes, metrics, rest_ns }
}

#[test]
fn messages_go_there_and_back_on_one_connection() {
    let address = websocket(|connection| {
        let mut expected = 0;
        while let Some((first, payload)) = frame(&mut connection.stream) {
            if first == 0x88 {
                return;
            }
            assert_eq!((first, payload), (0x81, format!("7 {expected}").into_bytes()));
            expected += 1;
            // A question first, and the answer in two parts.
            answer(&mut connection.stream, 0x89, b"there?");
            assert_eq!(frame(&mut connection.stream), Some((0x8a, b"there?".to_vec())));
            answer(&mut connection.stream, 0x01, b"ye");
            answer(&mut connection.stream, 0x80, b"s");
        }
    });
    let came = run(address, "{{vu}} {{iteration}}", 20);
    assert_eq!(came.kinds(), ["passed"; 20]);
    assert_eq!((came.sum("ws_msgs_sent"), came.sum("ws_msgs_received")), (20, 20));
    assert_eq!(came.sum("ws_sessions"), 1);
    assert!(came.sum("ws_round_trip") > 0 && came.sum("ws_session_duration") > 0);
    assert!(came.sum("data_sent") > 0 && came.sum("data_received") > 0);
}

#[test]
fn messages_that_nobody_asked_for_are_no_answers() {
    // An answer and one message more to the first frame, nothing to the second.
    let address = websocket(|connection| {
        frame(&mut connection.stream);
        answer(&mut connection.stream, 0x82, b"answer");
        std::thread::sleep(Duration::from_millis(30));
        answer(&mut connection.stream, 0x82, b"news");
        frame(&mut connection.stream);
        std::thread::sleep(Duration::from_secs(2));
    });
    let came = run_pausing(address, "x", 2, Duration::from_millis(300));
    assert_eq!(came.kinds(), ["passed", "timeout"]);
    assert_eq!(came.sum("ws_msgs_received"), 2);
}

#[test]
fn failures_have_their_kinds() {
    let closing = websocket(|connection| {
        frame(&mut connection.stream);
        answer(&mut connection.stream, 0x88, &1001_u16.to_be_bytes());
    });
    let silent = websocket(|_| std::thread::sleep(Duration::from_secs(5)));
    let masked = websocket(|connection| {
        frame(&mut connection.stream);
        let _ = connection.stream.write_all(&[0x81, 0x81, 0, 0, 0, 0, 0]);
    });
    let refusing = server(|_, connection| {
        connection.request();
        connection.send(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
    let kinds = [
        (closing, "connection_closed"),
        (silent, "timeout"),
        (masked, "protocol"),
        (refusing, "status_403"),
    ];
    for (address, kind) in kinds {
        assert_eq!(run(address, "x", 2).kinds(), [kind; 2]);
    }
}

#[test]
fn only_addresses_of_websocket_are_taken() {
    let open = |url: &str, message: &str| {
        WebSocketTarget::open(url, message, &[], HttpOptions::default()).err()
    };
    assert!(open("http://127.0.0.1/", "x").is_some_and(|error| error.contains("ws://")));
    assert!(open("ws://192.0.2.1/", "x").is_some_and(|error| error.contains("--allow-host")));
    assert!(open("ws://127.0.0.1/", "{{no}}").is_some_and(|error| error.contains("{{no}}")));
}
