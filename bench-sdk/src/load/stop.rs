//! Ending a run before its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

/// How far a run is from being stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Running,
    /// No new iterations.
    Graceful,
    /// Iterations under way are cut off.
    Now,
}

/// A hand on the brake of a run; clones are the same brake.
#[derive(Clone)]
pub(crate) struct Stop {
    level: watch::Sender<Level>,
    /// The same for those who ask before each iteration, without a lock.
    seen: Arc<AtomicU64>,
}

impl Default for Stop {
    fn default() -> Self {
        Self { level: watch::Sender::new(Level::Running), seen: Arc::default() }
    }
}

impl Stop {
    /// No new iterations from now on; those under way may end within their graceful stop.
    pub(crate) fn gracefully(&self) {
        self.raise(Level::Graceful);
    }

    /// Cuts off whatever is under way.
    pub(crate) fn now(&self) {
        self.raise(Level::Now);
    }

    /// Whether no new iterations are to start.
    pub(crate) fn is_stopping(&self) -> bool {
        self.seen.load(Ordering::Relaxed) > 0
    }

    /// Waits until no new iterations are to start.
    pub(crate) async fn stopping(&self) {
        self.reached(Level::Graceful).await;
    }

    /// Waits until everything is to be cut off.
    pub(crate) async fn cut_off(&self) {
        self.reached(Level::Now).await;
    }

    async fn reached(&self, level: Level) {
        let mut watched = self.level.subscribe();
        // The sender lives in `self`, so that there is always an answer.
        if watched.wait_for(|now| *now >= level).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn raise(&self, to: Level) {
        self.level.send_if_modified(|now| {
            let raised = *now < to;
            *now = (*now).max(to);
            raised
        });
        self.seen.fetch_max(to as u64, Ordering::Relaxed);
    }
}
