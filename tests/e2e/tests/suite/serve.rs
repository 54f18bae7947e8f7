//! `cargo hub-bench report --serve`: what its server answers, and what it tells of a run that goes on.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use e2e_tests::{
    QUICK, Results, bench, bench_command, finish, hub_bench, run, send_signal, until, wait_for_exit,
};
use serde_json::{Value, json};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server of a results folder; gone with the value.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    pub(crate) fn start(results: &Results) -> Self {
        let mut command = bench_command(&hub_bench(), results.path());
        command.args(["hub-bench", "report", "--serve", "127.0.0.1:0"]).stdout(Stdio::piped());
        // Where the tests are run in the background of a script, an interrupt is ignored; not here.
        let heeds = || {
            // SAFETY: may be called between fork and exec, and takes no pointer.
            unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
            Ok(())
        };
        // SAFETY: calls nothing but the function above.
        unsafe { command.pre_exec(heeds) };
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.strip_prefix("serving http://").and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("{line}")).parse().unwrap();
        Self { child, address }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Sends these bytes, and gives all that comes back.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    /// Asks for a path; status, head and body.
    fn ask(&self, method: &str, path: &str) -> (String, String, String) {
        let host = self.address;
        let answer =
            self.raw(format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().to_owned();
        (status, head.to_owned(), body.to_owned())
    }

    fn events(&self) -> Events {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let ask = format!("GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(ask.as_bytes()).unwrap();
        let mut events = Events(BufReader::new(stream));
        // The server follows from here on.
        while events.line() != "retry: 2000" {}
        events
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A stream of events.
struct Events(BufReader<TcpStream>);

impl Events {
    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream has ended");
        line.trim_end().to_owned()
    }

    /// The next events up to one of that kind.
    fn up_to(&mut self, kind: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let since = Instant::now();
        while found.last().is_none_or(|last: &Value| last["kind"] != kind) {
            assert!(since.elapsed() < 6 * PATIENCE, "no {kind} after {found:?}");
            if let Some(data) = self.line().strip_prefix("data: ") {
                found.push(serde_json::from_str(data).unwrap());
            }
        }
        found
    }
}

/// A run of six cases that takes a third of a second for each launch.
pub(crate) fn slow(results: &Results, launches: &str) -> Command {
    let mut command = bench_command(&bench("targets", "slow"), results.path());
    command.args(["--launches", launches]).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

#[test]
fn the_page_is_gathered_anew_at_each_load() {
    let results = Results::new();
    let server = Server::start(&results);
    let (status, _, page) = server.ask("GET", "/");
    assert_eq!(status, "200");
    assert!(page.contains("data-live") && page.contains("connect-src 'self'"));
    run(&bench("targets", "steady"), results.path(), QUICK).expect_code(0);
    let (_, head, page) = server.ask("GET", "/");
    assert!(page.contains("\"steady::one\""), "{}", &page[..400]);
    assert!(head.contains("Cache-Control: no-store") && head.contains("text/html; charset=utf-8"));
    let (status, bare, nothing) = server.ask("HEAD", "/");
    assert_eq!((status.as_str(), bare, nothing.as_str()), ("200", head, ""));
    let kept = fs::read_to_string(results.path().join("runs/latest/run.json")).unwrap();
    let id = results.runs()[0].file_name().unwrap().to_string_lossy().into_owned();
    for id in ["latest", &id] {
        let (status, head, body) = server.ask("GET", &format!("/runs/{id}/run.json"));
        assert_eq!((status.as_str(), body.as_str()), ("200", kept.as_str()));
        assert!(head.contains("Content-Type: application/json"));
    }
    // Nothing was written but by the run.
    assert!(!results.path().join("report.html").exists());
}

#[test]
fn hostile_requests_are_refused() {
    let results = Results::new();
    run(&bench("targets", "steady"), results.path(), QUICK).expect_code(0);
    fs::write(results.path().join("run.json"), "secret").unwrap();
    let server = Server::start(&results);
    for path in
        ["/runs/../run.json", "/runs/%2e%2e/run.json", "/../run.json", "/runs/x/run.json", "/x"]
    {
        let (status, _, body) = server.ask("GET", path);
        assert_eq!(status, "404", "{path}");
        assert!(!body.contains("secret"), "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let (status, head, _) = server.ask(method, "/");
        assert_eq!(status, "405", "{method}");
        assert!(head.contains("Allow: GET, HEAD"));
    }
    let port = server.address.port();
    for host in
        ["evil.example".to_owned(), format!("evil.example:{port}"), "127.0.0.1:1".to_owned()]
    {
        let answer = server.raw(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 403 "), "{host}: {answer}");
        assert!(!answer.contains("steady"), "{host}");
    }
    let posted = format!(
        "POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 9\r\n\r\n{{\"a\": 1}}"
    );
    assert!(server.raw(posted.as_bytes()).starts_with("HTTP/1.1 405 "));
    assert!(server.raw(b"GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 400 "));
    assert!(server.raw(b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n").starts_with("HTTP/1.1 400 "));
    let long =
        format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nx: {}\r\n\r\n", "y".repeat(40_000));
    assert!(server.raw(long.as_bytes()).starts_with("HTTP/1.1 431 "));
    // Connections that say nothing do not keep others from being answered.
    let idle = |count: u32| -> Vec<TcpStream> {
        (0..count).map(|_| TcpStream::connect(server.address).unwrap()).collect()
    };
    let answered = || server.ask("GET", "/runs/latest/run.json").0;
    let some = idle(40);
    assert_eq!(answered(), "200");
    drop(some);
    let all = idle(70);
    assert_eq!(answered(), "503");
    drop(all);
    assert!(until(PATIENCE, || answered() == "200"));
}

#[test]
fn a_run_that_goes_on_is_told() {
    let results = Results::new();
    let server = Server::start(&results);
    let mut events = server.events();
    let mut child = slow(&results, "4").spawn().unwrap();
    let told = events.up_to("gone");
    child.wait().unwrap();
    let kinds = kinds(&told);
    assert_eq!(kinds[..2], ["begun", "run_started"]);
    assert_eq!(kinds[kinds.len() - 2..], ["run_finished", "gone"]);
    let count = |kind: &str| kinds.iter().filter(|found| **found == kind).count();
    assert_eq!((count("case_started"), count("case_finished")), (24, 6));
    assert_eq!((&told[1]["cases"], &told[1]["target"]), (&json!(6), &json!("slow")));
    let started: Vec<f64> = told.iter().filter_map(|event| event["done"].as_f64()).collect();
    assert!(started.is_sorted() && started[0] == 0.0 && started[23] > 0.9, "{started:?}");
    let last = &told[told.len() - 2];
    assert_eq!((&last["cases"], &last["broken"]), (&json!(6), &json!(0)));
    assert_eq!(last["run"], results.latest()["run"]["id"]);
    // Of what is over nothing is told to who comes late, and the next run is.
    let mut late = server.events();
    let mut child = slow(&results, "40").spawn().unwrap();
    for stream in [&mut events, &mut late] {
        let told = stream.up_to("case_started");
        assert_eq!(self::kinds(&told), ["begun", "run_started", "case_started"]);
    }
    // One that joins in the middle is told from the beginning; one that is killed is gone.
    let joined = server.events().up_to("case_started");
    assert_eq!(self::kinds(&joined)[..2], ["begun", "run_started"]);
    child.kill().unwrap();
    child.wait().unwrap();
    let told = events.up_to("gone");
    assert!(!self::kinds(&told).contains(&"run_finished"), "{told:?}");
}

#[test]
fn a_load_test_that_goes_on_is_told() {
    let results = Results::new();
    let server = Server::start(&results);
    let mut events = server.events();
    // Nobody listens at its target, which does not matter here.
    let mut command = bench_command(&hub_bench(), results.path());
    command.args(["load", "http://127.0.0.1:9/", "--rate", "20", "--duration", "3s"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let told = events.up_to("gone");
    assert_eq!(child.wait().unwrap().code(), Some(4));
    let kinds = kinds(&told);
    assert_eq!(kinds[..2], ["begun", "load_started"]);
    assert_eq!(kinds[kinds.len() - 2..], ["load_finished", "gone"]);
    assert!(kinds.iter().filter(|kind| **kind == "load").count() >= 2, "{told:?}");
    assert_eq!(
        (&told[1]["name"], &told[1]["plan_s"]),
        (&json!("http://127.0.0.1:9/"), &json!(3.0))
    );
    let last = &told[told.len() - 2];
    assert_eq!((&last["passed"], &last["interrupted"]), (&json!(false), &json!(false)));
    let (_, _, page) = server.ask("GET", "/");
    assert!(page.contains("http://127.0.0.1:9/"), "{}", &page[..400]);
}

#[test]
fn events_of_other_kinds_are_passed_on() {
    let results = Results::new();
    let server = Server::start(&results);
    let mut events = server.events();
    let lines = "{\"kind\":\"load_tick\",\"rate\":1999.5}\nnonsense\n{\"no\":\"kind\"}\n";
    // There at once, with all that is in it.
    fs::write(results.path().join("aside"), lines).unwrap();
    fs::rename(results.path().join("aside"), results.path().join("progress.jsonl")).unwrap();
    let told = events.up_to("gone");
    assert_eq!(told[1], json!({ "kind": "load_tick", "rate": 1999.5 }));
    assert_eq!(kinds(&told), ["begun", "load_tick", "gone"]);
}

#[test]
fn it_ends_when_it_is_interrupted() {
    let results = Results::new();
    let mut server = Server::start(&results);
    let _events = server.events();
    send_signal(&server.child, libc::SIGINT);
    assert!(
        wait_for_exit(&mut server.child, Duration::from_secs(10)).is_some_and(|s| !s.success())
    );
}

#[test]
fn only_this_machine_is_served_and_mistakes_are_told() {
    let results = Results::new();
    let report = |arguments: &[&str]| {
        let mut command = bench_command(&hub_bench(), results.path());
        finish(command.arg("report").args(arguments))
    };
    let refused = report(&["--serve", "0.0.0.0:8040"]);
    refused.expect_code(2).expect_stderr(&["to other machines", "ssh -L 8040:127.0.0.1:8040"]);
    report(&["--serve", "example.org"]).expect_code(2).expect_stderr(&["is not an address"]);
    report(&["--serve", "1", "--output", "x"]).expect_code(2).expect_stderr(&["writes no file"]);
    let missing = report(&["--serve", "127.0.0.1:0", "--baseline", "mian"]);
    missing.expect_code(2).expect_stderr(&["`mian` does not exist"]);
    let server = Server::start(&results);
    let taken = report(&["--serve", &server.address.to_string()]);
    taken.expect_code(1).expect_stderr(&["failed to serve at", "--serve 127.0.0.1:0"]);
}
