//! Requests over HTTP/2 to servers on loopback.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

use crate::load::http::HttpOptions;
use crate::load::http::fixture::{Came, answering, run, run_watching};
use crate::record::load::{RequestBody, RequestPlan};

/// A server of HTTP/2 without TLS. It answers `/hop` with a redirect, `/silent` never, `/closing`
/// by going away after it, everything else with status 200 and twice the bytes that it was sent.
fn server() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    listener.set_nonblocking(true).expect("set");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream));
            }
        });
    });
    address
}

async fn serve(stream: tokio::net::TcpStream) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, respond))) = connection.accept().await {
        if request.uri().path() == "/closing" {
            connection.graceful_shutdown();
        }
        tokio::spawn(answer(request, respond));
    }
}

async fn answer(
    request: http::Request<h2::RecvStream>,
    mut respond: h2::server::SendResponse<Bytes>,
) {
    let path = request.uri().path().to_owned();
    let mut received = 0;
    let mut body = request.into_body();
    while let Some(Ok(piece)) = body.data().await {
        received += piece.len();
        let _ = body.flow_control().release_capacity(piece.len());
    }
    let response = http::Response::builder();
    let response = match path.as_str() {
        "/hop" => response.status(302).header("location", "/there"),
        "/silent" => {
            tokio::time::sleep(Duration::from_secs(20)).await;
            return;
        }
        _ => response.status(200),
    };
    let Ok(mut stream) = respond.send_response(response.body(()).expect("a response"), false)
    else {
        return;
    };
    let _ = stream.send_data(vec![b'x'; received * 2].into(), true);
}

fn requests(plan: &RequestPlan, iterations: u64) -> Came {
    requests_within(Duration::from_secs(30), plan, iterations)
}

fn requests_within(timeout: Duration, plan: &RequestPlan, iterations: u64) -> Came {
    let options = HttpOptions { http2: true, timeout, ..HttpOptions::default() };
    let parts: [(&str, &[(&str, &str)]); 1] = [("http_reqs", &[("proto", "HTTP/2.0")])];
    let base = format!("http://{}", server());
    run_watching(std::slice::from_ref(plan), &base, options, iterations, &parts)
}

#[test]
fn requests_with_bodies_go_there_and_back() {
    let plan = RequestPlan {
        method: "POST".to_owned(),
        headers: vec![("Connection".to_owned(), "keep-alive".to_owned())],
        body: RequestBody::Text("x".repeat(100_000)),
        ..RequestPlan::get("/")
    };
    let came = requests(&plan, 5);
    assert_eq!(came.kinds(), ["passed"; 5]);
    assert_eq!(came.sum("http_reqs{proto:HTTP/2.0}"), 5);
    assert!(came.sum("data_sent") > 5 * 100_000 && came.sum("data_received") > 5 * 200_000);
    assert!(came.sum("http_req_waiting") > 0);
}

#[test]
fn redirects_are_followed_and_statuses_judged() {
    let came = requests(&RequestPlan::get("/hop"), 2);
    assert_eq!((came.kinds(), came.sum("http_reqs")), (vec!["passed"; 2], 4));
    let plan = RequestPlan { expect: vec![404..=404], ..RequestPlan::get("/") };
    assert_eq!(requests(&plan, 1).kinds(), ["status_200"]);
}

#[test]
fn a_server_that_goes_away_costs_no_failure() {
    assert_eq!(requests(&RequestPlan::get("/closing"), 5).kinds(), ["passed"; 5]);
}

#[test]
fn what_does_not_answer_meets_the_timeout() {
    let came = requests_within(Duration::from_millis(200), &RequestPlan::get("/silent"), 2);
    assert_eq!(came.kinds(), ["timeout"; 2]);
}

#[test]
fn a_server_without_http2_is_a_failure_of_the_protocol() {
    let address = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let options = HttpOptions { http2: true, ..HttpOptions::default() };
    let came = run(&[RequestPlan::get("/")], &format!("http://{address}"), options, 1);
    let kind = came.kinds()[0];
    assert!(["protocol", "connection_reset", "connection_closed"].contains(&kind), "{kind}");
}
