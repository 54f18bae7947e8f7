//! Load tests from the command line, against servers that do well and servers that do not.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread::{sleep, spawn};
use std::time::Duration;

use e2e_tests::{Outcome, Results, bench_command, finish, hub_bench};
use serde_json::Value;

/// A server on loopback that gives each connection to that function; it lives as long as the test.
pub(crate) fn serve(answer: impl Fn(TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            spawn(move || answer(stream));
        }
    });
    address
}

/// Reads a request to the end of its head; false when there is none.
pub(crate) fn request(stream: &mut TcpStream) -> bool {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return false,
        }
    }
    true
}

pub(crate) fn replying(reply: &'static str) -> String {
    serve(
        move |mut stream| {
            while request(&mut stream) && stream.write_all(reply.as_bytes()).is_ok() {}
        },
    )
}

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

pub(crate) fn call(results: &Path, arguments: &[&str]) -> Outcome {
    finish(bench_command(&hub_bench(), results).args(arguments))
}

/// The record on standard output.
pub(crate) fn record(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|e| panic!("{e} in {outcome}"))
}

const THRESHOLDS: [&str; 4] =
    ["--threshold", "http_req_duration: p(95)<500", "--threshold", "http_req_failed: rate<0.1"];

/// A second of a few users on a target, as JSON.
fn tried(target: &str) -> Outcome {
    let results = Results::new();
    let mut arguments = vec!["load", target, "--concurrency", "4", "--duration", "1s"];
    arguments.extend(["--timeout", "400ms", "--graceful-stop", "1s", "--output-format", "json"]);
    arguments.extend(THRESHOLDS);
    call(results.path(), &arguments)
}

/// What all failed requests look like: thresholds failed, exit 4, nothing green.
#[track_caller]
fn expect_all_failed(outcome: &Outcome, kind: &str) -> Value {
    outcome.expect_code(4);
    let record = record(outcome);
    assert_eq!(record["run"]["passed"], false);
    let errors = record["errors"].as_array().unwrap();
    assert!(errors.iter().any(|error| error["kind"] == kind), "{kind} is not in {errors:?}");
    assert_eq!(record["metrics"]["http_req_failed"]["value"], 1.0);
    assert_eq!(record["thresholds"][1]["passed"], false);
    record
}

#[test]
fn a_server_that_does_well_passes() {
    let outcome = tried(&replying(OK));
    outcome.expect_code(0);
    let record = record(&outcome);
    assert_eq!((&record["run"]["passed"], &record["run"]["kind"]), (&true.into(), &"load".into()));
    let requests = record["metrics"]["http_reqs"]["value"].as_f64().unwrap();
    assert!(requests > 10.0, "{requests}");
    assert_eq!(record["scenarios"][0]["full"].as_f64(), Some(requests));
    assert_eq!(record["errors"], Value::Null);
    let parts = ["sending", "waiting", "receiving"];
    let mean = |name: &str| record["metrics"][name]["trend"]["avg"].as_f64().unwrap();
    let sum: f64 = parts.iter().map(|part| mean(&format!("http_req_{part}"))).sum();
    let whole = mean("http_req_duration");
    assert!((sum / whole - 1.0).abs() < 0.01, "{sum} and {whole}");
}

#[test]
fn one_that_refuses_every_connection() {
    // Bound and dropped: nobody listens there.
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let record = expect_all_failed(&tried(&format!("http://{free}/")), "connection_refused");
    // Users pause before they try again.
    assert!(record["errors"][0]["count"].as_f64().unwrap() < 20_000.0);
}

#[test]
fn one_that_resets() {
    let address = serve(|mut stream| {
        request(&mut stream);
        let linger = libc::linger { l_onoff: 1, l_linger: 0 };
        // SAFETY: the descriptor is open and `linger` lives through the call.
        unsafe {
            libc::setsockopt(
                std::os::fd::AsRawFd::as_raw_fd(&stream),
                libc::SOL_SOCKET,
                libc::SO_LINGER,
                (&raw const linger).cast(),
                size_of::<libc::linger>() as libc::socklen_t,
            );
        }
    });
    expect_all_failed(&tried(&address), "connection_reset");
}

#[test]
fn one_that_answers_500() {
    let address = replying("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
    expect_all_failed(&tried(&address), "status_500");
}

#[test]
fn one_that_never_answers() {
    let address = serve(|mut stream| {
        while request(&mut stream) {}
        sleep(Duration::from_secs(60));
    });
    expect_all_failed(&tried(&address), "timeout");
}

#[test]
fn one_that_trickles_bytes() {
    let address = serve(|mut stream| {
        request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while stream.write_all(b".").is_ok() {
            sleep(Duration::from_millis(20));
        }
    });
    expect_all_failed(&tried(&address), "timeout");
}

#[test]
fn one_that_sends_ten_gigabytes() {
    let address = serve(|mut stream| {
        request(&mut stream);
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n";
        let _ = stream.write_all(head.as_bytes());
        let much = vec![b'.'; 1 << 16];
        while stream.write_all(&much).is_ok() {}
    });
    let record = expect_all_failed(&tried(&address), "timeout");
    let memory = record["generator"]["peak_rss"].as_f64().unwrap();
    assert!(memory < 150e6, "{memory}");
    assert!(record["metrics"]["data_received"]["value"].as_f64().unwrap() > 1e6);
}

#[test]
fn one_that_speaks_no_http() {
    expect_all_failed(&tried(&replying("SSH-2.0-OpenSSH_9.2\r\n\r\n")), "protocol");
}

#[test]
fn a_run_that_failed_is_red_in_every_output() {
    let results = Results::new();
    let address = replying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
    let mut arguments = vec!["load", &address, "--vus", "2", "--iterations", "4", "--color=always"];
    let formats = ["terse", "json", "csv", "markdown", "junit", "k6-summary", "openmetrics"];
    let files = formats.map(|format| results.path().join(format).display().to_string());
    for (format, file) in formats.iter().zip(&files) {
        arguments.extend(["--output-format", format, "--output", file]);
    }
    let outcome = call(results.path(), &arguments);
    outcome.expect_code(4).expect_stdout(&["every request failed", "status_503"]);
    assert!(outcome.stdout.contains("\x1b[31m"), "{outcome}");
    assert!(!outcome.stdout.contains("\x1b[32m"), "nothing is green\n{outcome}");
    for (format, words) in [
        ("terse", "every request failed"),
        ("markdown", "every request failed"),
        ("junit", "<failure"),
        ("json", "\"passed\": false"),
    ] {
        let text = std::fs::read_to_string(results.path().join(format)).unwrap();
        assert!(text.contains(words), "{format}: {text}");
    }
}

#[test]
fn thresholds_without_samples_fail() {
    let results = Results::new();
    let address = replying(OK);
    let arguments = ["load", &address, "--iterations", "1", "--threshold"];
    let outcome = call(results.path(), &[&arguments[..], &["nothing_of_mine: count<5"]].concat());
    outcome.expect_code(4).expect_stdout(&["nothing_of_mine", "no samples"]);
    // It is told before the test, which could have been a long one.
    outcome.expect_stderr(&["thresholds on `nothing_of_mine` will fail"]);
}

/// Sends everybody on to that address.
fn redirecting(to: &'static [u8]) -> String {
    serve(move |mut stream| {
        while request(&mut stream) {
            let mut reply = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ".to_vec();
            reply.extend_from_slice(to);
            reply.extend_from_slice(b"\r\n\r\n");
            if stream.write_all(&reply).is_err() {
                return;
            }
        }
    })
}

#[test]
fn redirects_that_cannot_be_followed_are_failed_requests() {
    for (to, kind) in [
        (&b"http://192.0.2.1/"[..], "host_not_allowed"),
        (b"/again", "too_many_redirects"),
        (b"\xff\xfe/a", "bad_redirect"),
        (b"ftp://x/", "bad_redirect"),
    ] {
        let address = redirecting(to);
        let results = Results::new();
        let mut arguments = vec!["load", &address, "--vus", "1", "--iterations", "3"];
        arguments.extend(["--threshold", "http_req_failed: rate < 1%"]);
        arguments.extend(["--output-format", "json"]);
        let outcome = call(results.path(), &arguments);
        outcome.expect_code(4);
        let record = record(&outcome);
        assert_eq!(record["errors"][0]["kind"], kind, "{outcome}");
        assert_eq!(record["metrics"]["http_req_failed"]["passes"], 3, "{outcome}");
    }
}

#[test]
fn passwords_in_addresses_are_not_shown() {
    let address = replying(OK).replace("//", "//me:hunter2@");
    let results = Results::new();
    let mut arguments = vec!["load", &address, "--vus", "1", "--iterations", "1"];
    let file = results.path().join("load.xml").display().to_string();
    arguments.extend(["--output-format", "junit", "--output", &file]);
    let outcome = call(results.path(), &arguments);
    outcome.expect_code(0);
    let kept = std::fs::read_to_string(results.runs()[0].join("load.json")).unwrap();
    let written = std::fs::read_to_string(&file).unwrap();
    for text in [&outcome.stdout, &outcome.stderr, &kept, &written] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_limit_beside_iterations_holds() {
    let address = replying(OK);
    let results = Results::new();
    let mut arguments = vec!["load", &address, "--vus", "1", "--iterations", "100000000"];
    arguments.extend(["--duration", "1s"]);
    call(results.path(), &arguments).expect_code(0).expect_stdout(&["at most 1.0 s"]);
}

#[test]
fn more_than_a_generator_can_do_ends_in_time() {
    let address = replying(OK);
    let results = Results::new();
    let started = std::time::Instant::now();
    let mut arguments = vec!["load", &address, "--rate", "10000000", "--duration", "1s"];
    arguments.extend(["--max-vus", "2", "--graceful-stop", "1s", "--output-format", "json"]);
    let outcome = call(results.path(), &arguments);
    let record = record(&outcome);
    let scenario = &record["scenarios"][0];
    assert_eq!(scenario["planned"], 10_000_000);
    let count = |what: &str| scenario[what].as_u64().unwrap();
    assert!(count("full") > 0, "its users came to run: {scenario}");
    let counted = count("full") + count("interrupted") + count("dropped");
    assert_eq!(counted, 10_000_000, "{scenario}");
    assert!(started.elapsed() < Duration::from_secs(60));
}
