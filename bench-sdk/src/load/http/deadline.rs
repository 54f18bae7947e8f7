//! When waiting ends.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Sleep;

use crate::clock::RunClock;

/// The time that a request may take. Its timer is set anew only when it goes off too early, at
/// most once in that time, so that a request costs no timer of its own.
pub(crate) struct Deadline {
    clock: RunClock,
    timeout_ns: u64,
    due_ns: u64,
    timer: Pin<Box<Sleep>>,
}

impl Deadline {
    /// One that gives each request that long; must be made inside a runtime.
    pub(crate) fn new(clock: RunClock, timeout: Duration) -> Self {
        let timeout_ns = u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX);
        let timer = Box::pin(tokio::time::sleep(timeout));
        Self { clock, timeout_ns, due_ns: timeout_ns, timer }
    }

    /// A request begins at that time, in nanoseconds from the start of the run.
    pub(crate) fn begin(&mut self, now_ns: u64) {
        self.due_ns = now_ns.saturating_add(self.timeout_ns);
    }

    /// Whether its time is up, by the clock: for those who are never made to wait.
    pub(crate) fn is_past(&self) -> bool {
        self.clock.now_ns() >= self.due_ns
    }

    /// Ready when its time is up; else wakes then.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while self.timer.as_mut().poll(context).is_ready() {
            let now = self.clock.now_ns();
            if now >= self.due_ns {
                return Poll::Ready(());
            }
            self.timer.set(tokio::time::sleep(Duration::from_nanos(self.due_ns - now)));
        }
        Poll::Pending
    }
}
