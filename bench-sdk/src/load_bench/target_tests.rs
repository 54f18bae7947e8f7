#![expect(clippy::panic, clippy::unwrap_used, reason = "a test may fail by panicking")]
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::task::LocalSet;

use super::bench::{LoadBench, load_bench};
use super::made::nothing;
use super::target::{BenchTarget, BenchUser};
use crate::bencher::NoCheck;
use crate::clock::RunClock;
use crate::load::{Ledger, Noted, Outcome, Recorder, Seat, Target, Turn, User};
use crate::record::load::{Aggregation, Operator, Tags, Threshold};
use crate::stats::{Metrics, Series};

const FIRST: Turn = Turn { of_user: 0, of_scenario: 0 };

/// Drives a future with virtual users on a clock that only moves when all wait.
fn on_paused_clock<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    LocalSet::new().block_on(&runtime, future)
}

struct Books(Arc<Mutex<Ledger>>);

impl Books {
    fn new(thresholds: &[Threshold]) -> Self {
        Self(Arc::new(Mutex::new(Ledger::new(thresholds, 1))))
    }

    fn seat(&self, vu: u64) -> Seat {
        let tags = Tags::from([("scenario".to_owned(), "peak".to_owned())]);
        let recorder = Recorder::new(Arc::clone(&self.0), RunClock::start(), 0, tags);
        let env = Tags::from([("REGION".to_owned(), "eu".to_owned())]);
        Seat { vu, recorder, seed: 7, env: env.into() }
    }

    fn read(&self) -> (Metrics, Noted) {
        let (mut metrics, mut noted) = (Metrics::new(), Noted::default());
        self.0.lock().unwrap().drain_into(&mut metrics, &mut noted);
        (metrics, noted)
    }
}

async fn user(target: &BenchTarget, books: &Books) -> BenchUser {
    match target.user(books.seat(3)).await {
        Ok(user) => user,
        Err(words) => panic!("{words}"),
    }
}

fn target(bench: LoadBench) -> BenchTarget {
    match BenchTarget::start(bench) {
        Ok(target) => target,
        Err(words) => panic!("{words}"),
    }
}

/// A bench of an iteration alone.
fn bench_of<I: crate::bencher::CheckOutcome + 'static>(
    iterate: impl AsyncFn(super::Vu, &(), &mut ()) -> I + Send + Sync + 'static,
) -> LoadBench {
    load_bench(async || nothing(), async |_, ()| nothing(), iterate, async |()| NoCheck)
}

fn failed(kind: &'static str, words: &str) -> Outcome {
    Outcome::Failed { kind: kind.into(), words: words.to_owned() }
}

fn sum(metrics: &Metrics, name: &str) -> f64 {
    match metrics.get(name) {
        Some(Series::Counter { sum, .. }) => *sum,
        other => panic!("{name}: {other:?}"),
    }
}

fn longest(metrics: &Metrics, name: &str) -> (u64, Option<u64>) {
    match metrics.get(name) {
        Some(Series::Trend { values, .. }) => (values.count(), values.max()),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn an_iteration_knows_its_virtual_user() {
    let target = target(bench_of(async |vu, (), ()| {
        let seen = (vu.id(), vu.iteration(), vu.iteration_in_scenario(), vu.scenario().to_owned());
        assert_eq!(seen, (3, 4, 9, "peak".to_owned()));
        assert_eq!((vu.env("REGION"), vu.env("OTHER")), (Some("eu"), None));
        NoCheck
    }));
    let books = Books::new(&[]);
    let turn = Turn { of_user: 4, of_scenario: 9 };
    let outcome = on_paused_clock(async { user(&target, &books).await.iterate(turn).await });
    assert_eq!(outcome, Outcome::Passed);
}

#[test]
fn a_returned_error_fails_the_iteration() {
    let target = target(bench_of(async |_, (), ()| Some("no answer".to_owned())));
    let outcome =
        on_paused_clock(async { user(&target, &Books::new(&[])).await.iterate(FIRST).await });
    assert_eq!(outcome, failed("error", "no answer"));
}

#[test]
fn a_panic_fails_the_iteration_and_the_own_state_is_made_anew() {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let bench = load_bench(
        async || Ok(10_u64),
        async |_, shared| Ok(shared + MADE.fetch_add(1, Ordering::SeqCst)),
        async |vu, _: &u64, own: &mut u64| {
            *own += 100;
            assert!(vu.iteration() != 1, "the second one");
            Some(own.to_string())
        },
        async |_| NoCheck,
    );
    let target = target(bench);
    let outcomes = on_paused_clock(async {
        let mut user = user(&target, &Books::new(&[])).await;
        let mut outcomes = Vec::new();
        for of_user in 0..3 {
            outcomes.push(user.iterate(Turn { of_user, of_scenario: 0 }).await);
        }
        outcomes
    });
    assert_eq!((&outcomes[0], &outcomes[2]), (&failed("error", "110"), &failed("error", "111")));
    let Outcome::Failed { kind, words } = &outcomes[1] else { panic!("it passed") };
    assert_eq!(kind, "panic");
    assert!(words.starts_with("the second one at ") && words.contains("target_tests.rs:"));
}

#[test]
fn a_state_that_cannot_be_made_anew_fails_the_next_iteration() {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let bench = load_bench(
        async || nothing(),
        async |_, ()| match MADE.fetch_add(1, Ordering::SeqCst) {
            1 | 2 => Err("the door is shut".to_owned()),
            _ => Ok(()),
        },
        async |vu, (), ()| {
            assert!(vu.iteration() > 0, "the first one");
            NoCheck
        },
        async |()| NoCheck,
    );
    let target = target(bench);
    let kinds = on_paused_clock(async {
        let mut user = user(&target, &Books::new(&[])).await;
        let mut kinds = Vec::new();
        for of_user in 0..3 {
            kinds.push(match user.iterate(Turn { of_user, of_scenario: 0 }).await {
                Outcome::Passed => "passed".to_owned(),
                Outcome::Failed { kind, .. } => kind.into_owned(),
            });
        }
        kinds
    });
    assert_eq!(kinds, ["panic", "vu_setup", "passed"]);
}

#[test]
fn a_setup_that_fails_or_panics_says_so() {
    let with_setup = |setup: fn() -> Result<(), String>| {
        load_bench(
            async move || setup(),
            async |_, ()| nothing(),
            async |_, (), ()| NoCheck,
            async |()| NoCheck,
        )
    };
    let refused = BenchTarget::start(with_setup(|| Err("no port is free".to_owned()))).err();
    assert_eq!(refused.as_deref(), Some("`setup` failed: no port is free"));
    let panicked = BenchTarget::start(with_setup(|| panic!("no port at all"))).err();
    assert!(
        panicked.is_some_and(|words| words.starts_with("`setup` panicked: no port at all at "))
    );
}

#[test]
fn a_virtual_user_that_is_not_made_ready_is_an_error() {
    let bench = load_bench(
        async || nothing(),
        async |_, ()| Err::<(), _>("wrong password".to_owned()),
        async |_, (), ()| NoCheck,
        async |()| NoCheck,
    );
    let target = target(bench);
    let refused = on_paused_clock(async { target.user(Books::new(&[]).seat(1)).await.err() });
    assert_eq!(refused.as_deref(), Some("`vu_setup` failed: wrong password"));
}

struct Tells(mpsc::UnboundedSender<&'static str>);

impl Drop for Tells {
    fn drop(&mut self) {
        let _ = self.0.send("own state");
    }
}

#[test]
fn an_iteration_that_is_cut_off_leaves_nothing_behind() {
    let (sender, mut told) = mpsc::unbounded_channel();
    let (of_user, of_teardown) = (sender.clone(), sender);
    let bench = load_bench(
        async || nothing(),
        async move |_, ()| Ok(Tells(of_user.clone())),
        async |vu, (), _: &mut Tells| {
            let slow = async {
                vu.sleep(Duration::from_secs(3600)).await;
                Ok::<_, ()>(())
            };
            let _ = vu.request("slow", slow).await;
            NoCheck
        },
        async move |()| {
            let _ = of_teardown.send("teardown");
            NoCheck
        },
    );
    let (target, books) = (target(bench), Books::new(&[]));
    on_paused_clock(async {
        let mut user = user(&target, &books).await;
        let timely = tokio::time::timeout(Duration::from_secs(1), user.iterate(FIRST)).await;
        assert!(timely.is_err());
    });
    assert_eq!(target.finish(), Ok(()));
    assert_eq!((told.try_recv(), told.try_recv()), (Ok("own state"), Ok("teardown")));
    assert!(!books.read().0.contains_key("http_reqs"));
}

#[test]
fn requests_are_timed_and_counted_whatever_their_client() {
    let target = target(bench_of(async |vu, (), ()| {
        let answer = async {
            vu.sleep(Duration::from_millis(20)).await;
            Ok::<_, u16>(200)
        };
        assert_eq!(vu.request("good", answer).await, Ok(200));
        assert_eq!(vu.request("bad", async { Err::<(), _>(500) }).await, Err(500));
        NoCheck
    }));
    let books = Books::new(&[]);
    let outcome = on_paused_clock(async { user(&target, &books).await.iterate(FIRST).await });
    assert_eq!(outcome, Outcome::Passed);
    let (metrics, _) = books.read();
    assert!((sum(&metrics, "http_reqs") - 2.0).abs() < f64::EPSILON);
    let (count, max) = longest(&metrics, "http_req_duration");
    assert_eq!(count, 2);
    assert!(max.is_some_and(|ns| ns.abs_diff(20_000_000) < 200_000), "{max:?}");
    let Some(Series::Rate { passes, samples }) = metrics.get("http_req_failed") else {
        panic!("{metrics:?}")
    };
    assert_eq!((*passes, *samples), (1, 2));
}

fn of_premium(metric: &str) -> Threshold {
    Threshold {
        metric: metric.to_owned(),
        tags: Tags::from([("plan".to_owned(), "premium".to_owned())]),
        expression: "count>0".to_owned(),
        aggregation: Aggregation::Count,
        operator: Operator::Greater,
        value: 0.0,
        abort_on_fail: false,
        delay_abort_eval_ns: 0,
        window_ns: None,
        phase: None,
    }
}

#[test]
fn tags_stay_with_the_virtual_user() {
    let target = target(bench_of(async |vu, (), ()| {
        let _ = vu.request("r", async { Ok::<_, ()>(()) }).await;
        vu.counter("orders", 1.0);
        vu.tag("plan", "premium");
        let _ = vu.request("r", async { Ok::<_, ()>(()) }).await;
        vu.counter("orders", 2.0);
        vu.tag("plan", "free");
        vu.counter("orders", 4.0);
        NoCheck
    }));
    let books = Books::new(&[of_premium("http_reqs"), of_premium("orders")]);
    on_paused_clock(async { user(&target, &books).await.iterate(FIRST).await });
    let (metrics, _) = books.read();
    let sums = ["http_reqs", "http_reqs{plan:premium}", "orders", "orders{plan:premium}"]
        .map(|name| sum(&metrics, name).to_string());
    assert_eq!(sums, ["2", "1", "7", "2"]);
}

#[test]
fn metrics_of_its_own_are_recorded_and_those_that_cannot_be_are_errors() {
    let target = target(bench_of(async |vu, (), ()| {
        vu.gauge("queue", 3.0);
        vu.rate("hits", true);
        vu.trend_duration("first_token", Duration::from_millis(5));
        vu.counter("queue", 1.0);
        vu.counter("iterations", 1.0);
        assert!(!vu.check("fine", false) && vu.check("fine", true));
        NoCheck
    }));
    let books = Books::new(&[]);
    on_paused_clock(async { user(&target, &books).await.iterate(FIRST).await });
    let (metrics, noted) = books.read();
    assert!(matches!(metrics.get("queue"), Some(Series::Gauge { samples: 1, .. })), "{metrics:?}");
    assert!(matches!(metrics.get("hits"), Some(Series::Rate { passes: 1, .. })), "{metrics:?}");
    assert_eq!(longest(&metrics, "first_token").0, 1);
    assert_eq!(noted.errors["metric"].0, 2);
    assert_eq!(noted.checks["fine"], (1, 1));
}

#[test]
fn sleeping_and_chance_follow_clock_and_seed() {
    let rolls = || {
        let (sender, mut rolled) = mpsc::unbounded_channel();
        let target = target(bench_of(async move |vu, (), ()| {
            vu.sleep(Duration::from_secs(2)).await;
            let _ = sender.send([vu.random(1000), vu.random(1000), vu.random(0)]);
            NoCheck
        }));
        on_paused_clock(async {
            let before = RunClock::start();
            user(&target, &Books::new(&[])).await.iterate(FIRST).await;
            assert!(before.now_ns() >= 2_000_000_000);
        });
        rolled.try_recv().unwrap()
    };
    let first = rolls();
    assert_eq!(first, rolls());
    assert!(first[0] != first[1] && first[2] == 0, "{first:?}");
}

#[test]
fn what_setup_spawns_lives_until_the_end() {
    type Call = oneshot::Sender<u64>;
    let bench = load_bench(
        async || {
            let (calls, mut received) = mpsc::unbounded_channel::<Call>();
            tokio::spawn(async move {
                while let Some(call) = received.recv().await {
                    let _ = call.send(42);
                }
            });
            Ok(calls)
        },
        async |_, _| nothing(),
        async |_, calls: &mpsc::UnboundedSender<Call>, ()| {
            let (answer, answered) = oneshot::channel();
            let _ = calls.send(answer);
            Some(format!("{:?}", answered.await))
        },
        async |_| Some("the lights are still on".to_owned()),
    );
    let target = target(bench);
    let outcome =
        on_paused_clock(async { user(&target, &Books::new(&[])).await.iterate(FIRST).await });
    assert_eq!(outcome, failed("error", "Ok(42)"));
    let refused = Err("`teardown` failed: the lights are still on".to_owned());
    assert_eq!((target.finish(), target.finish()), (refused, Ok(())));
}

#[test]
fn teardown_waits_for_no_virtual_user_and_says_so() {
    let target = target(bench_of(async |_, (), ()| NoCheck));
    let lingering = on_paused_clock(async { user(&target, &Books::new(&[])).await });
    assert!(target.finish().is_err_and(|words| words.contains("still lent")));
    drop(lingering);
    let refused = on_paused_clock(async { target.user(Books::new(&[]).seat(1)).await.err() });
    assert_eq!(refused.as_deref(), Some("the load test has ended"));
}

#[test]
fn an_iteration_may_be_dropped_before_it_is_polled() {
    let target = target(bench_of(async |_, (), ()| NoCheck));
    on_paused_clock(async {
        let mut user = user(&target, &Books::new(&[])).await;
        {
            let _never_polled = pin!(user.iterate(FIRST));
        }
        assert_eq!(user.iterate(FIRST).await, Outcome::Passed);
    });
}
