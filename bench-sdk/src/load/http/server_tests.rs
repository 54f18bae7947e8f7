//! Requests to real servers on loopback, good ones and others.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::fixture::{Came, answering, run, run_pausing, run_watching, server};
use super::{HttpOptions, HttpTarget};
use crate::load::target::Outcome;
use crate::record::load::{RequestBody, RequestPlan};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn get(address: std::net::SocketAddr, iterations: u64) -> Came {
    run(&[RequestPlan::get("/a")], &format!("http://{address}"), HttpOptions::default(), iterations)
}

fn hasty() -> HttpOptions {
    HttpOptions { timeout: Duration::from_millis(200), ..HttpOptions::default() }
}

#[test]
fn kept_connections_are_used_again() {
    let connections = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&connections);
    let address = server(move |_, connection| {
        seen.fetch_add(1, Ordering::SeqCst);
        while connection.request().is_some() {
            connection.send(OK.as_bytes());
        }
    });
    let came = get(address, 50);
    assert_eq!(came.kinds(), ["passed"; 50]);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
    assert_eq!((came.sum("http_reqs"), came.sum("http_req_failed")), (50, 0));
    assert_eq!(came.sum("data_received"), 50 * OK.len() as u64);
    assert!(came.sum("http_req_waiting") > 0 && came.sum("http_req_connecting") > 0);
}

#[test]
fn every_way_to_end_a_response_is_understood() {
    for (response, connections) in [
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 1),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 3),
        ("HTTP/1.0 200 OK\r\n\r\nok", 3),
        ("HTTP/1.1 204 No Content\r\n\r\n", 1),
    ] {
        let count = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&count);
        let address = server(move |_, connection| {
            seen.fetch_add(1, Ordering::SeqCst);
            while connection.request().is_some() {
                connection.send(response.as_bytes());
                if connections > 1 {
                    return;
                }
            }
        });
        let came = get(address, 3);
        assert_eq!(came.kinds(), ["passed"; 3], "{response}");
        assert_eq!(count.load(Ordering::SeqCst), connections, "{response}");
    }
}

#[test]
fn a_connection_closed_while_idle_costs_no_failure() {
    let address = server(|_, connection| {
        connection.request();
        connection.send(OK.as_bytes());
    });
    // A POST is never sent twice, so its connection must be known to be closed beforehand.
    let post = [RequestPlan { method: "POST".to_owned(), ..RequestPlan::get("/") }];
    let (base, pause) = (format!("http://{address}"), Duration::from_millis(200));
    let came = run_pausing(&post, &base, HttpOptions::default(), 4, &[], pause);
    assert_eq!(came.kinds(), ["passed"; 4]);
}

#[test]
fn a_stale_connection_is_tried_again_only_where_that_does_no_harm() {
    // The second request of a connection is read, and the connection closed in answer.
    let closing = || {
        server(|_, connection| {
            connection.request();
            connection.send(OK.as_bytes());
            connection.request();
        })
    };
    assert_eq!(get(closing(), 4).kinds(), ["passed"; 4]);
    let post = RequestPlan { method: "POST".to_owned(), ..RequestPlan::get("/") };
    let came = run(&[post], &format!("http://{}", closing()), HttpOptions::default(), 4);
    assert_eq!(came.kinds(), ["passed", "connection_closed", "passed", "connection_closed"]);
    assert_eq!((came.sum("http_reqs"), came.sum("http_req_failed")), (4, 2));
}

#[test]
fn a_fresh_connection_that_is_closed_is_a_failure() {
    let address = server(|_, connection| drop(connection.request()));
    assert_eq!(get(address, 2).kinds(), ["connection_closed"; 2]);
}

#[test]
fn refused_connections_are_failed_requests_and_ask_for_a_rest() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = unused.local_addr().expect("bound");
    drop(unused);
    let parts: [(&str, &[(&str, &str)]); 1] =
        [("http_reqs", &[("error_code", "1212"), ("status", "0")])];
    let base = format!("http://{address}");
    let plan = [RequestPlan::get("/")];
    let came = run_watching(&plan, &base, HttpOptions::default(), 3, &parts);
    assert_eq!(came.kinds(), ["connection_refused"; 3]);
    assert_eq!((came.sum("http_reqs"), came.sum("http_req_failed")), (3, 3));
    assert_eq!(came.sum("http_reqs{error_code:1212,status:0}"), 3);
    assert_eq!(came.rest_ns, 40_000_000);
    assert_eq!(run(&plan, &base, HttpOptions::default(), 20).rest_ns, 1_000_000_000);
}

#[test]
fn a_reset_is_told_apart_from_an_end() {
    let address = server(|_, connection| {
        // Bytes that were never read turn closing into a reset.
        let mut byte = [0];
        let _ = std::io::Read::read(&mut connection.stream, &mut byte);
    });
    assert_eq!(get(address, 1).kinds(), ["connection_reset"]);
}

#[test]
fn statuses_that_are_not_expected_fail_with_their_number() {
    let address = answering("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
    let parts: [(&str, &[(&str, &str)]); 1] = [(
        "http_req_failed",
        &[("status", "500"), ("error_code", "1500"), ("expected_response", "false")],
    )];
    let base = format!("http://{address}");
    let came = run_watching(&[RequestPlan::get("/")], &base, HttpOptions::default(), 2, &parts);
    assert_eq!(came.kinds(), ["status_500"; 2]);
    assert_eq!(came.rest_ns, 0);
    assert_eq!(came.sum("http_req_failed{error_code:1500,expected_response:false,status:500}"), 2);
    let plan = RequestPlan { expect: vec![500..=500], ..RequestPlan::get("/") };
    assert_eq!(run(&[plan], &base, HttpOptions::default(), 1).kinds(), ["passed"]);
}

#[test]
fn what_never_answers_or_trickles_meets_the_timeout() {
    let silent = server(|_, connection| {
        connection.request();
        std::thread::sleep(Duration::from_secs(20));
    });
    let trickling = server(|_, connection| {
        connection.request();
        while connection.send(b"X") {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let dripping = server(|_, connection| {
        connection.request();
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while connection.send(b"x") {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    for (address, kind) in [(silent, "timeout"), (trickling, "protocol"), (dripping, "timeout")] {
        let came = run(&[RequestPlan::get("/")], &format!("http://{address}"), hasty(), 2);
        assert_eq!(came.kinds(), [kind; 2]);
    }
}

#[test]
fn an_endless_body_is_bounded_by_the_timeout() {
    let address = server(|_, connection| {
        connection.request();
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240000\r\n\r\n");
        let piece = vec![b'x'; 1 << 20];
        while connection.send(&piece) {}
    });
    let came = run(&[RequestPlan::get("/")], &format!("http://{address}"), hasty(), 1);
    assert_eq!(came.kinds(), ["timeout"]);
    assert!(came.sum("data_received") > 1 << 20);
}

fn great_post() -> RequestPlan {
    RequestPlan {
        method: "POST".to_owned(),
        body: RequestBody::Text("x".repeat(20 << 20)),
        ..RequestPlan::get("/")
    }
}

#[test]
fn a_server_may_answer_before_it_has_read_a_body() {
    let address = server(|_, connection| {
        let mut head = [0; 64];
        let _ = std::io::Read::read(&mut connection.stream, &mut head);
        connection.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
        std::thread::sleep(Duration::from_secs(20));
    });
    let base = format!("http://{address}");
    let options = HttpOptions { timeout: Duration::from_secs(10), ..HttpOptions::default() };
    let came = run(&[great_post()], &base, options, 1);
    assert_eq!(came.kinds(), ["status_413"]);
    assert!(came.sum("data_sent") < 20 << 20);
}

#[test]
fn a_body_is_written_on_while_the_response_comes() {
    let address = server(|_, connection| {
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n");
        while connection.request().is_some() {
            connection.send(b"Content-Length: 0\r\n\r\n");
        }
    });
    let base = format!("http://{address}");
    let came = run(&[great_post()], &base, HttpOptions::default(), 1);
    assert_eq!(came.kinds(), ["passed"]);
    assert!(came.sum("data_sent") > 20 << 20);
}

#[test]
fn redirects_are_followed_and_counted() {
    let address = server(|_, connection| {
        while let Some(request) = connection.request() {
            let response = if request.starts_with("POST /start") {
                "HTTP/1.1 302 Found\r\nLocation: next?a=b\r\nContent-Length: 0\r\n\r\n"
            } else if request.starts_with("GET /next?a=b") && !request.contains("Content-Type") {
                "HTTP/1.1 307 Temporary\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n"
            } else if request.starts_with("GET /end") {
                OK
            } else {
                "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"
            };
            connection.send(response.as_bytes());
        }
    });
    let plan = RequestPlan {
        method: "POST".to_owned(),
        headers: vec![("Content-Type".to_owned(), "a/b".to_owned())],
        body: RequestBody::Text("x".to_owned()),
        expect: vec![200..=200],
        ..RequestPlan::get("/start")
    };
    let base = format!("http://{address}");
    let came = run(std::slice::from_ref(&plan), &base, HttpOptions::default(), 2);
    assert_eq!(came.kinds(), ["passed"; 2]);
    assert_eq!((came.sum("http_reqs"), came.sum("http_req_failed")), (6, 0));
    let staying = HttpOptions { redirects: 0, ..HttpOptions::default() };
    let came = run(&[plan], &base, staying, 1);
    assert_eq!((came.kinds(), came.sum("http_reqs")), (vec!["status_302"], 1));
}

#[test]
fn redirects_end_somewhere_and_stay_on_this_machine() {
    let round = answering("HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n");
    let came = get(round, 1);
    assert_eq!((came.kinds(), came.sum("http_reqs")), (vec!["too_many_redirects"], 11));
    let away =
        answering("HTTP/1.1 302 F\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(get(away, 1).kinds(), ["host_not_allowed"]);
    let nowhere = answering("HTTP/1.1 302 F\r\nLocation: mailto:x\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(get(nowhere, 1).kinds(), ["bad_redirect"]);
}

#[test]
fn variables_and_weights_come_from_the_seat() {
    let address = server(|_, connection| {
        while let Some(request) = connection.request() {
            let fine = request.starts_with("POST /1/") && request.ends_with("\r\n\r\nk")
                || request.starts_with("GET /often");
            connection.send(if fine { OK } else { "HTTP/1.1 400 B\r\n\r\n" }.as_bytes());
        }
    });
    let rare = RequestPlan {
        name: Some("rare".to_owned()),
        method: "POST".to_owned(),
        body: RequestBody::Text("{{env.KEY}}".to_owned()),
        ..RequestPlan::get("/{{vu}}/{{iteration}}")
    };
    let often = RequestPlan { weight: 9.0, ..RequestPlan::get("/often") };
    let parts: [(&str, &[(&str, &str)]); 1] = [("http_reqs", &[("name", "rare")])];
    let base = format!("http://{address}");
    let came = run_watching(&[rare, often], &base, HttpOptions::default(), 300, &parts);
    assert!(came.outcomes.iter().all(|outcome| *outcome == Outcome::Passed));
    let rare = came.sum("http_reqs{name:rare}");
    assert!((10..60).contains(&rare), "{rare} of 300, expected about 30");
}

#[test]
fn targets_are_refused_before_the_run() {
    let open =
        |url: &str| HttpTarget::open(&[RequestPlan::get("/")], Some(url), HttpOptions::default());
    for (url, why) in [
        ("http://192.0.2.7/", "--allow-host 192.0.2.7"),
        ("ws://127.0.0.1/", "WebSocket"),
        ("127.0.0.1:80", "begins with none of"),
        ("http://no-such-name.invalid/", "no-such-name.invalid"),
    ] {
        let error = open(url).err().unwrap_or_else(|| panic!("{url} was accepted"));
        assert!(error.contains(why), "{error}");
    }
    assert!(HttpTarget::open(&[], Some("http://127.0.0.1/"), HttpOptions::default()).is_err());
}
