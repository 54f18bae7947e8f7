//! A load bench as something that virtual users put load on.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::bench::{Iterate, LoadBench, Prepared};
use super::contained::{contain, contained};
use super::vu::Vu;
use crate::load::{Outcome, Seat, Target, Turn, User};

/// How long what `setup` has spawned may take to stop.
const SHUTDOWN: Duration = Duration::from_secs(1);

/// A load bench between `setup` and `teardown`. What `setup` spawns, such as a server, runs on
/// threads of its own, away from those of the virtual users.
pub(crate) struct BenchTarget(Mutex<Option<Running>>);

struct Running {
    prepared: Arc<dyn Prepared>,
    runtime: Runtime,
}

impl BenchTarget {
    /// Runs `setup`. Blocks, so the calling thread may drive no runtime.
    pub(crate) fn start(bench: LoadBench) -> Result<Self, String> {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let runtime = Builder::new_multi_thread()
            // Without a number tokio would look into the environment.
            .worker_threads(workers)
            .enable_all()
            .thread_name("load-setup")
            .build()
            .map_err(|error| format!("the tokio runtime of `setup` did not start: {error}"))?;
        match runtime.block_on(contained(bench.prepare())) {
            Ok(Ok(prepared)) => Ok(Self(Mutex::new(Some(Running { prepared, runtime })))),
            Ok(Err(words)) => Err(format!("`setup` failed: {words}")),
            Err(words) => Err(format!("`setup` panicked: {words}")),
        }
    }

    /// Runs `teardown`, once no virtual user is left, and stops what `setup` has spawned. Blocks, so
    /// the calling thread may drive no runtime.
    pub(crate) fn finish(&self) -> Result<(), String> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Running { prepared, runtime }) = running else { return Ok(()) };
        let outcome = match runtime.block_on(contained(prepared.finish())) {
            Ok(outcome) => outcome.map_err(|words| format!("`teardown` failed: {words}")),
            Err(words) => Err(format!("`teardown` panicked: {words}")),
        };
        runtime.shutdown_timeout(SHUTDOWN);
        outcome
    }

    fn prepared(&self) -> Option<Arc<dyn Prepared>> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(|running| Arc::clone(&running.prepared))
    }
}

impl Drop for BenchTarget {
    fn drop(&mut self) {
        let running = self.0.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            // Perhaps on a thread that drives another runtime, where waiting is not allowed.
            running.runtime.shutdown_background();
        }
    }
}

impl Target for BenchTarget {
    type User = BenchUser;

    async fn user(&self, seat: Seat) -> Result<BenchUser, String> {
        let prepared = self.prepared().ok_or("the load test has ended")?;
        let mut user = BenchUser { vu: Vu::new(seat), prepared, own: None };
        user.settle_in().await.map_err(|outcome| outcome.words)?;
        Ok(user)
    }
}

/// A virtual user of a load bench.
pub(crate) struct BenchUser {
    vu: Vu,
    prepared: Arc<dyn Prepared>,
    /// What it has of its own; none after a panic, until it is made anew.
    own: Option<Box<dyn Iterate>>,
}

/// How something went wrong.
struct Failure {
    kind: &'static str,
    words: String,
}

impl BenchUser {
    /// Makes what it has of its own.
    async fn settle_in(&mut self) -> Result<(), Failure> {
        let made = contained(Arc::clone(&self.prepared).user(self.vu.clone())).await;
        let failure = |words| Failure { kind: "vu_setup", words };
        match made {
            Ok(Ok(own)) => {
                self.own = Some(own);
                Ok(())
            }
            Ok(Err(words)) => Err(failure(format!("`vu_setup` failed: {words}"))),
            Err(words) => Err(failure(format!("`vu_setup` panicked: {words}"))),
        }
    }

    async fn attempt(&mut self) -> Result<(), Failure> {
        if self.own.is_none() {
            self.settle_in().await?;
        }
        let Some(own) = &mut self.own else { return Ok(()) };
        match contained(own.iterate(self.vu.clone())).await {
            Ok(outcome) => outcome.map_err(|words| Failure { kind: "error", words }),
            Err(words) => {
                self.leave();
                // In the iteration that failed, so that no good one takes longer for it. Where it
                // fails, the next iteration tries again and tells.
                let _ = self.settle_in().await;
                Err(Failure { kind: "panic", words })
            }
        }
    }

    /// Gives up what it has of its own; a panic on its way out is nobody's outcome.
    fn leave(&mut self) {
        let own = self.own.take();
        let _ = contain(|| drop(own));
    }
}

impl User for BenchUser {
    async fn iterate(&mut self, turn: Turn) -> Outcome {
        self.vu.begin(turn);
        match self.attempt().await {
            Ok(()) => Outcome::Passed,
            Err(Failure { kind, words }) => Outcome::Failed { kind: Cow::Borrowed(kind), words },
        }
    }
}

impl Drop for BenchUser {
    fn drop(&mut self) {
        self.leave();
    }
}
