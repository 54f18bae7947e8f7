//! Which runtime a case wants, and the one that was started for it.

use std::cell::{Cell, OnceCell};

use super::executor::{Entered, Executor};

/// The tokio runtime that an async benchmark is driven by.
///
/// It is started once a launch, before the first iteration and outside of what is timed. Clocks
/// and sockets are switched on where the application's own tokio has them.
///
/// ```
/// use bench_sdk::{AsyncRuntime, Bencher, hub_bench};
///
/// #[hub_bench]
/// fn answer(bencher: Bencher) {
///     bencher.runtime(AsyncRuntime::multi_thread(2)).bench_async(async || 6 * 7);
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AsyncRuntime {
    /// Worker threads; `None` for the current-thread runtime.
    workers: Option<usize>,
}

impl AsyncRuntime {
    /// Everything runs on the thread that measures: the default.
    pub const fn current_thread() -> Self {
        Self { workers: None }
    }

    /// Spawned tasks run on that many worker threads, one for each processor where it is 0. The
    /// benchmark itself stays on the thread that measures, as what `main` awaits does.
    pub const fn multi_thread(workers: usize) -> Self {
        Self { workers: Some(workers) }
    }

    /// Worker threads; `None` for the current-thread runtime.
    #[cfg(feature = "tokio")]
    pub(super) fn workers(self) -> Option<usize> {
        self.workers
    }
}

/// The runtime of one launch of one case: chosen first, started when something needs it.
#[derive(Default)]
pub struct CaseRuntime {
    choice: Cell<AsyncRuntime>,
    started: OnceCell<(AsyncRuntime, Executor)>,
}

impl CaseRuntime {
    /// Has that runtime be the one to start.
    pub(super) fn choose(&self, choice: AsyncRuntime) {
        self.choice.set(choice);
    }

    /// The runtime, started if it was not.
    pub(super) fn executor(&self) -> Result<&Executor, String> {
        let choice = self.choice.get();
        let (started, executor) = if let Some(pair) = self.started.get() {
            pair
        } else {
            let executor = Executor::start(choice)?;
            self.started.get_or_init(|| (choice, executor))
        };
        // What `setup` has spawned lives on the runtime that it ran on.
        if *started != choice {
            return Err("`setup` ran on another runtime than the benchmark chooses with \
                        `Bencher::runtime`; choose it for both, with the option `runtime`"
                .to_owned());
        }
        Ok(executor)
    }

    /// Drives a future to its end, off the clock.
    pub(super) fn drive<F: Future>(&self, future: F) -> Result<F::Output, String> {
        self.executor()?.block_on(future)
    }

    /// Starts the runtime if it was not.
    pub fn start(&self) -> Result<(), String> {
        self.executor().map(|_| ())
    }

    /// While the result lives, the calling thread counts as one of the runtime's and may spawn
    /// tasks; nothing where none was started.
    pub fn entered(&self) -> Option<Entered<'_>> {
        self.started.get().map(|(_, executor)| executor.enter())
    }

    /// Whether the runtime has threads of its own.
    pub(in crate::bencher) fn has_workers(&self) -> bool {
        self.started.get().is_some_and(|(_, executor)| executor.has_workers())
    }

    /// Whether tasks run on other threads than the benchmark asks for.
    pub(super) fn is_foreign(&self) -> bool {
        self.started.get().is_some_and(|(choice, executor)| {
            *choice == AsyncRuntime::current_thread() && executor.is_foreign()
        })
    }
}
