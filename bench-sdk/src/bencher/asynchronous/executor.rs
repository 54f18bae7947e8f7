//! The tokio runtime of a case, and how to block on it from wherever the runner was called.

use std::panic::{catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::task::{block_in_place, coop, yield_now};

use super::AsyncRuntime;
use super::root::drive;

/// How long what was left behind may take to stop.
const SHUTDOWN: Duration = Duration::from_secs(1);
/// More than any runtime lets a task do in one go.
const BUDGET: usize = 10_000;
/// Stack of a thread that stands in for the main one.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// That the thread counts as one of a runtime's.
pub type Entered<'a> = tokio::runtime::EnterGuard<'a>;

/// A runtime that was started.
pub(super) struct Executor {
    /// `None` once it is being dropped.
    runtime: Option<Runtime>,
    handle: Handle,
    place: Place,
}

/// Where the calling thread stands with respect to other runtimes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It drives none: it may block.
    Free,
    /// It is a worker of a multi-thread runtime, which it can hand over to another thread.
    Worker,
    /// It drives a runtime that has no other thread, so tokio lets it block on none.
    Busy,
}

impl Executor {
    /// Starts the runtime of that choice.
    pub(super) fn start(choice: AsyncRuntime) -> Result<Self, String> {
        let place = place();
        let mut builder = match (choice.workers(), place) {
            (None, Place::Free | Place::Worker) => Builder::new_current_thread(),
            (workers, _) => {
                let mut builder = Builder::new_multi_thread();
                // Without a number tokio would look into the environment.
                builder.worker_threads(match workers {
                    None => 1,
                    Some(0) => std::thread::available_parallelism().map_or(1, usize::from),
                    Some(count) => count,
                });
                builder
            }
        };
        let runtime = builder
            .enable_all()
            .thread_name("bench-runtime")
            .build()
            .map_err(|error| format!("the tokio runtime did not start: {error}"))?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime), place })
    }

    /// Drives a future to its end on the calling thread.
    pub(super) fn block_on<F: Future>(&self, future: F) -> Result<F::Output, String> {
        let runtime = self.runtime.as_ref().ok_or("the runtime has ended")?;
        let future = async {
            // The first pause has the runtime allocate the list of those that pause: not something
            // to count, or to time, as the benchmark's own.
            yield_now().await;
            future.await
        };
        Ok(match self.place {
            Place::Free => runtime.block_on(future),
            Place::Worker => block_in_place(|| runtime.block_on(future)),
            Place::Busy => {
                let _entered = runtime.enter();
                // The outer runtime's budget would never be filled up again.
                drive(coop::unconstrained(future))
            }
        })
    }

    /// Makes the calling thread one of the runtime's.
    pub(super) fn enter(&self) -> Entered<'_> {
        self.handle.enter()
    }

    /// Whether tasks run on threads of the runtime's own.
    pub(super) fn has_workers(&self) -> bool {
        self.handle.runtime_flavor() != RuntimeFlavor::CurrentThread
    }

    /// Whether the future is driven here and tasks on a thread of their own, whatever was asked for.
    pub(super) fn is_foreign(&self) -> bool {
        self.place == Place::Busy
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        match self.place {
            Place::Free => runtime.shutdown_timeout(SHUTDOWN),
            Place::Worker => block_in_place(|| runtime.shutdown_timeout(SHUTDOWN)),
            Place::Busy => runtime.shutdown_background(),
        }
    }
}

/// Finds out where the calling thread stands.
fn place() -> Place {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        // Within a `LocalSet` it may not be handed over, and only trying shows that.
        Ok(RuntimeFlavor::MultiThread) if catch_unwind(|| block_in_place(|| ())).is_ok() => {
            Place::Worker
        }
        // A thread for blocking work is of the runtime as well, but does not drive it.
        Ok(_) if polls_within_a_budget() => Place::Busy,
        _ => Place::Free,
    }
}

/// Whether the calling thread polls a task, or what `block_on` was given: tokio lets those do only
/// so much in one go. They make a pause then, once, for having been asked.
fn polls_within_a_budget() -> bool {
    let mut context = Context::from_waker(Waker::noop());
    (0..BUDGET).any(|_| pin!(coop::consume_budget()).poll(&mut context).is_pending())
}

/// Calls the function on a thread that belongs to no runtime, so that it may block on others.
pub(crate) fn outside_runtimes<R: Send>(function: impl FnOnce() -> R + Send) -> std::io::Result<R> {
    if Handle::try_current().is_err() {
        return Ok(function());
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let joined = thread.spawn_scoped(scope, function)?.join();
        Ok(joined.unwrap_or_else(|payload| resume_unwind(payload)))
    })
}
