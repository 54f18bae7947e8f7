//! How much processor time a request takes, and how much memory a virtual user: by hand, against a
//! server on another processor, beside wrk on the same one.
//!
//! `SPEED_URL=http://127.0.0.1:8090/ SPEED_USERS=64 SPEED_SECONDS=5 taskset -c 0 cargo test
//! --release -p bench-sdk --features load --lib http_speed -- --ignored --nocapture`

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{HttpOptions, HttpTarget};
use crate::clock::RunClock;
use crate::load::ledger::Ledger;
use crate::load::recorder::{IterationTimes, Recorder};
use crate::load::target::{Outcome, Seat, Target, Turn, User};
use crate::record::load::{RequestPlan, Tags};

fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// Processor time of this thread in nanoseconds, as the scheduler has it.
fn processor_ns() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|first| first.parse().ok()).expect("a number")
}

/// Resident memory in bytes.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages = text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.expect("a number") * 4096
}

async fn live(target: Arc<HttpTarget>, seat: Seat, stop: Rc<Cell<bool>>, done: Rc<Cell<u64>>) {
    let recorder = seat.recorder.clone();
    let mut user = target.user(seat).await.expect("a user");
    for of_user in 0.. {
        if stop.get() {
            return;
        }
        let sent_ns = recorder.now_ns();
        let outcome = user.iterate(Turn { of_user, of_scenario: 0 }).await;
        assert_eq!(outcome, Outcome::Passed);
        let times = IterationTimes { planned_ns: None, sent_ns, ended_ns: recorder.now_ns() };
        recorder.iteration(times, outcome);
        done.set(done.get() + 1);
    }
}

#[test]
#[ignore = "a measurement by hand, of a server that is running"]
fn http_speed() {
    let url = setting("SPEED_URL", "http://127.0.0.1:8090/");
    let users: u64 = setting("SPEED_USERS", "64").parse().expect("a number");
    let seconds: f64 = setting("SPEED_SECONDS", "5").parse().expect("a number");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let target = HttpTarget::open(&[RequestPlan::get(&url)], None, HttpOptions::default());
    let target = Arc::new(target.expect("a target"));
    let before = resident();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let ledger = Arc::new(Mutex::new(Ledger::new(&[], 1)));
        let recorder = Recorder::new(ledger, RunClock::start(), 0, Tags::new());
        let (stop, done) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(0)));
        for vu in 1..=users {
            let seat = Seat { vu, recorder: recorder.for_user(), seed: vu, env: Rc::default() };
            let life = live(Arc::clone(&target), seat, Rc::clone(&stop), Rc::clone(&done));
            tokio::task::spawn_local(life);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (requests, cpu, at) = (done.get(), processor_ns(), recorder.now_ns());
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        let (requests, cpu) = (done.get() - requests, processor_ns() - cpu);
        let wall = recorder.now_ns() - at;
        stop.set(true);
        println!(
            "{requests} requests, {:.0} a second; {:.3} us of processor time each, {:.0} a \
             second of it; {} bytes a user",
            requests as f64 * 1e9 / wall as f64,
            cpu as f64 / 1e3 / requests.max(1) as f64,
            requests as f64 * 1e9 / cpu as f64,
            resident().saturating_sub(before) / users,
        );
    });
}
