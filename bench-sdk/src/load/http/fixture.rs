//! Servers on loopback that behave as a test wants, and a virtual user to send to them.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{HttpOptions, HttpTarget};
use crate::clock::RunClock;
use crate::load::ledger::{Ledger, Noted};
use crate::load::recorder::Recorder;
use crate::load::target::{Outcome, Seat, Target, Turn, User};
use crate::record::load::{RequestPlan, Tags, Threshold};
use crate::stats::{Metrics, Series};

/// Starts a server: each connection is given to `serve` with its number, on a thread of its own.
pub(super) fn server(serve: impl Fn(usize, &mut Connection) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let serve = Arc::clone(&serve);
            let Ok(stream) = stream else { return };
            std::thread::spawn(move || serve(number, &mut Connection::of(stream)));
        }
    });
    address
}

/// A server that answers every request of a connection with the same bytes.
pub(super) fn answering(response: &'static str) -> SocketAddr {
    server(move |_, connection| {
        while connection.request().is_some() {
            connection.send(response.as_bytes());
        }
    })
}

/// One connection of a server.
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Connection {
    fn of(stream: TcpStream) -> Self {
        let reader = BufReader::new(stream.try_clone().expect("a copy"));
        Self { stream, reader }
    }

    /// The next request, head and body; `None` when the client has gone.
    pub(super) fn request(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut length = 0;
        while !text.ends_with("\r\n\r\n") {
            let before = text.len();
            if self.reader.read_line(&mut text).ok()? == 0 {
                return None;
            }
            if let Some(value) = text[before..].strip_prefix("Content-Length: ") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).ok()?;
        text.push_str(&String::from_utf8_lossy(&body));
        Some(text)
    }

    /// Sends bytes; whether they went.
    pub(super) fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }
}

/// What came of some iterations.
pub(super) struct Came {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) metrics: Metrics,
    pub(super) rest_ns: u64,
}

impl Came {
    /// The kinds of failures, `passed` where there was none.
    pub(super) fn kinds(&self) -> Vec<&str> {
        let kind = |outcome: &'_ Outcome| -> &str {
            match outcome {
                Outcome::Passed => "passed",
                // Outlives the borrow: the kinds of the tests are few and known.
                Outcome::Failed { kind, .. } => kind.clone().into_owned().leak(),
            }
        };
        self.outcomes.iter().map(kind).collect()
    }

    /// The sum of a counter, how many passes a rate has, the greatest value of a trend; 0 where
    /// nothing was recorded.
    pub(super) fn sum(&self, key: &str) -> u64 {
        match self.metrics.get(key) {
            Some(Series::Counter { sum, .. }) => *sum as u64,
            Some(Series::Rate { passes, .. }) => *passes,
            Some(Series::Trend { values, .. }) => values.max().unwrap_or(0),
            _ => 0,
        }
    }
}

/// Runs that many iterations of one virtual user.
pub(super) fn run(
    plans: &[RequestPlan],
    base: &str,
    options: HttpOptions,
    iterations: u64,
) -> Came {
    run_watching(plans, base, options, iterations, &[])
}

/// The same, with the parts of metrics that have certain tags: `http_reqs{status:200}`.
pub(super) fn run_watching(
    plans: &[RequestPlan],
    base: &str,
    options: HttpOptions,
    iterations: u64,
    parts: &[(&str, &[(&str, &str)])],
) -> Came {
    run_pausing(plans, base, options, iterations, parts, Duration::ZERO)
}

/// The same, with a pause after each iteration.
pub(super) fn run_pausing(
    plans: &[RequestPlan],
    base: &str,
    options: HttpOptions,
    iterations: u64,
    parts: &[(&str, &[(&str, &str)])],
    pause: Duration,
) -> Came {
    let thresholds: Vec<Threshold> = parts.iter().map(|(name, tags)| part(name, tags)).collect();
    let target = HttpTarget::open(plans, Some(base), options).expect("a target");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ledger = Arc::new(Mutex::new(Ledger::new(&thresholds, 1)));
    let (outcomes, rest_ns) = runtime.expect("a runtime").block_on(async {
        let recorder = Recorder::new(Arc::clone(&ledger), RunClock::start(), 0, Tags::new());
        let env = Tags::from([("KEY".to_owned(), "k".to_owned())]);
        let seat = Seat { vu: 1, recorder, seed: 1, env: env.into() };
        let mut user = target.user(seat).await.expect("a user");
        let mut outcomes = Vec::new();
        for of_user in 0..iterations {
            outcomes.push(user.iterate(Turn { of_user, of_scenario: of_user }).await);
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
        (outcomes, user.rest_ns())
    });
    let (mut metrics, mut noted) = (Metrics::new(), Noted::default());
    ledger.lock().expect("no panic").drain_into(&mut metrics, &mut noted);
    Came { outcomes, metrics, rest_ns }
}

fn part(metric: &str, tags: &[(&str, &str)]) -> Threshold {
    use crate::record::load::{Aggregation, Operator};
    Threshold {
        metric: metric.to_owned(),
        tags: tags.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        expression: String::new(),
        aggregation: Aggregation::Count,
        operator: Operator::Less,
        value: 0.0,
        abort_on_fail: false,
        delay_abort_eval_ns: 0,
        window_ns: None,
        phase: None,
    }
}
