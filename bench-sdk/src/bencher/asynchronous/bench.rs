//! The async side of [`Bencher`].

use std::rc::Rc;

use super::inputs::AsyncInputBencher;
use super::loops::plain;
use super::{AsyncRuntime, CaseRuntime};
use crate::bencher::bench::Bencher;
use crate::bencher::body::{Batch, Job, Solo};
use crate::bencher::probe::NoCheck;
use crate::bencher::samples::Broken;

impl<'a> Bencher<'a> {
    /// Has async benchmarks driven by that runtime; it is
    /// [`current_thread`](AsyncRuntime::current_thread) where nothing is said. The attribute's
    /// options `runtime` and `workers` do the same, for an async `setup` as well.
    pub fn runtime(self, runtime: AsyncRuntime) -> Self {
        self.context.runtime.choose(runtime);
        self
    }

    /// Measures an async function, driven to its end on a tokio runtime that was started before.
    /// What it returns is dropped off the clock. Needs the feature `tokio`.
    ///
    /// ```
    /// use bench_sdk::{Bencher, hub_bench};
    ///
    /// async fn greet(name: &str) -> String {
    ///     format!("hello {name}")
    /// }
    ///
    /// #[hub_bench]
    /// fn greeting(bencher: Bencher) {
    ///     let name = String::from("you");
    ///     bencher.bench_async(async || greet(&name).await.len());
    /// }
    /// # fn main() {}
    /// ```
    pub fn bench_async<O>(self, mut function: impl AsyncFnMut() -> O) {
        self.measure_async(async |job: Job<'_>| plain(job, &mut function, |_| NoCheck).await);
    }

    /// [`with_inputs`](Self::with_inputs) where making an input is async.
    ///
    /// ```
    /// use bench_sdk::{Bencher, hub_bench};
    ///
    /// async fn fetch() -> Vec<u32> {
    ///     vec![3, 1, 2]
    /// }
    ///
    /// #[hub_bench]
    /// fn sort(bencher: Bencher) {
    ///     bencher
    ///         .with_async_inputs(fetch)
    ///         .bench_async_refs(async |numbers| numbers.sort_unstable());
    /// }
    /// # fn main() {}
    /// ```
    pub fn with_async_inputs<G>(self, generate: G) -> AsyncInputBencher<'a, G> {
        AsyncInputBencher::new(self, generate)
    }

    /// Measures with the work driven by the runtime of the case.
    pub(super) fn measure_async(self, mut work: impl AsyncFnMut(Job<'_>) -> Result<Batch, String>) {
        let Some((bencher, runtime)) = self.started() else { return };
        let context = bencher.context;
        let body = |job: Job<'_>| runtime.drive(work(job))?;
        Bencher { context: &mut *context }.measure(&mut Solo(body));
        if let Some(Ok(samples)) = &mut context.outcome {
            samples.foreign_runtime = runtime.is_foreign();
        }
    }

    /// The runtime of the case, which runs from now on; without one the case has failed.
    pub(super) fn started(self) -> Option<(Self, Rc<CaseRuntime>)> {
        let runtime = Rc::clone(&self.context.runtime);
        if self.context.threads > 1 {
            let message = "async benchmarks take no `threads`: they run on `runtime = \
                           \"multi_thread\"` with `workers`, or on `AsyncRuntime::multi_thread`";
            return self.fails(message);
        }
        match runtime.executor() {
            Ok(_) => Some((self, runtime)),
            Err(error) => self.fails(error),
        }
    }

    /// The case has failed, and there is nothing to go on with.
    pub(super) fn fails<T>(self, message: impl Into<String>) -> Option<T> {
        self.context.outcome = Some(Err(Broken::failed(message)));
        None
    }
}
