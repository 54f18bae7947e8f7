//! The clock of a load test, and waiting by it.

use tokio::time::Instant;

/// Time since the start of a load test. Tokio's clock, so that tests can hold it still.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunClock {
    origin: Instant,
}

impl RunClock {
    /// Starts now.
    pub(crate) fn start() -> Self {
        Self { origin: Instant::now() }
    }

    /// Nanoseconds since the start; 584 years fit.
    pub(crate) fn now_ns(self) -> u64 {
        self.origin.elapsed().as_nanos() as u64
    }

    /// Waits until that many nanoseconds after the start, to the millisecond of tokio's timers.
    pub(crate) async fn until(self, at_ns: u64) {
        tokio::time::sleep_until(self.origin + std::time::Duration::from_nanos(at_ns)).await;
    }

    /// Something to wait with more exactly.
    pub(crate) fn alarm(self) -> super::Alarm {
        super::Alarm::new(self)
    }
}
