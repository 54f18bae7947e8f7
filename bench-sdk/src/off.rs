//! What stands in for the types of bench functions while the feature `bench` is off: their bodies
//! type-check, and nothing runs.

use std::marker::PhantomData;

use crate::counter::Counter;

/// Runs and times the body of one case; inert without the feature `bench`.
pub struct Bencher<'a> {
    never: PhantomData<&'a mut ()>,
}

impl<'a> Bencher<'a> {
    /// Measures a function.
    pub fn bench<O>(self, function: impl Fn() -> O + Sync) {
        drop(function);
    }

    /// Measures a function that stays on one thread.
    pub fn bench_local<O>(self, function: impl FnMut() -> O) {
        drop(function);
    }

    /// Measures a function that takes its own time.
    pub fn bench_timed(self, function: impl FnMut(u64) -> std::time::Duration) {
        drop(function);
    }

    /// Makes a fresh input for every iteration.
    pub fn with_inputs<G>(self, generate: G) -> InputBencher<'a, G> {
        InputBencher { bencher: self, generate }
    }

    /// Has async benchmarks driven by that runtime.
    #[must_use]
    pub fn runtime(self, runtime: AsyncRuntime) -> Self {
        let AsyncRuntime = runtime;
        self
    }

    /// Measures an async function.
    pub fn bench_async<O>(self, function: impl AsyncFnMut() -> O) {
        drop(function);
    }

    /// Awaits a fresh input for every iteration.
    pub fn with_async_inputs<G>(self, generate: G) -> AsyncInputBencher<'a, G> {
        AsyncInputBencher { bencher: self, generate }
    }

    /// Makes a fresh structure for every iteration, which all threads share.
    pub fn with_shared_inputs<G>(self, generate: G) -> SharedInputBencher<'a, G> {
        SharedInputBencher { bencher: self, generate }
    }

    /// Says what one iteration processes.
    #[must_use]
    pub fn counter(self, counter: impl Into<Counter>) -> Self {
        let _: Counter = counter.into();
        self
    }
}

/// The runtime of an async benchmark; inert without the feature `bench`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AsyncRuntime;

impl AsyncRuntime {
    /// Everything runs on the thread that measures.
    pub const fn current_thread() -> Self {
        Self
    }

    /// Spawned tasks run on that many worker threads.
    pub const fn multi_thread(workers: usize) -> Self {
        let _ = workers;
        Self
    }
}

/// A [`Bencher`] that makes inputs; inert without the feature `bench`.
pub struct InputBencher<'a, G> {
    bencher: Bencher<'a>,
    generate: G,
}

impl<G> InputBencher<'_, G> {
    /// Says what one iteration processes.
    #[must_use]
    pub fn counter(self, counter: impl Into<Counter>) -> Self {
        let Self { bencher, generate } = self;
        Self { bencher: bencher.counter(counter), generate }
    }

    /// Counts what every input stands for.
    #[must_use]
    pub fn input_counter<I, C: Into<Counter>>(self, count: impl Fn(&I) -> C) -> Self
    where
        G: Fn() -> I,
    {
        drop(count);
        self
    }

    /// Measures a function that takes its input by value.
    pub fn bench_values<I, O>(self, function: impl Fn(I) -> O + Sync)
    where
        G: Fn() -> I + Sync,
    {
        drop(function);
    }

    /// Measures a function that takes its input by mutable reference.
    pub fn bench_refs<I, O>(self, function: impl Fn(&mut I) -> O + Sync)
    where
        G: Fn() -> I + Sync,
    {
        drop(function);
    }

    /// `bench_values` for functions that stay on one thread.
    pub fn bench_local_values<I, O>(self, function: impl FnMut(I) -> O)
    where
        G: FnMut() -> I,
    {
        drop(function);
    }

    /// `bench_refs` for functions that stay on one thread.
    pub fn bench_local_refs<I, O>(self, function: impl FnMut(&mut I) -> O)
    where
        G: FnMut() -> I,
    {
        drop(function);
    }
    /// Measures an async function that takes its input by value.
    pub fn bench_async_values<I, O>(self, function: impl AsyncFnMut(I) -> O)
    where
        G: FnMut() -> I,
    {
        drop(function);
    }

    /// Measures an async function that takes its input by mutable reference.
    pub fn bench_async_refs<I, O>(self, function: impl AsyncFnMut(&mut I) -> O)
    where
        G: FnMut() -> I,
    {
        drop(function);
    }
}

/// A [`Bencher`] that awaits inputs; inert without the feature `bench`.
pub struct AsyncInputBencher<'a, G> {
    bencher: Bencher<'a>,
    generate: G,
}

impl<G> AsyncInputBencher<'_, G> {
    /// Says what one iteration processes.
    #[must_use]
    pub fn counter(self, counter: impl Into<Counter>) -> Self {
        let Self { bencher, generate } = self;
        Self { bencher: bencher.counter(counter), generate }
    }

    /// Counts what every input stands for.
    #[must_use]
    pub fn input_counter<I, C: Into<Counter>>(self, count: impl Fn(&I) -> C) -> Self
    where
        G: AsyncFnMut() -> I,
    {
        drop(count);
        self
    }

    /// Measures an async function that takes its input by value.
    pub fn bench_async_values<I, O>(self, function: impl AsyncFnMut(I) -> O)
    where
        G: AsyncFnMut() -> I,
    {
        drop(function);
    }

    /// Measures an async function that takes its input by mutable reference.
    pub fn bench_async_refs<I, O>(self, function: impl AsyncFnMut(&mut I) -> O)
    where
        G: AsyncFnMut() -> I,
    {
        drop(function);
    }
}

/// A [`Bencher`] that makes structures for threads to share; inert without the feature `bench`.
pub struct SharedInputBencher<'a, G> {
    bencher: Bencher<'a>,
    generate: G,
}

impl<G> SharedInputBencher<'_, G> {
    /// Says what one call of the function processes.
    #[must_use]
    pub fn counter(self, counter: impl Into<Counter>) -> Self {
        let Self { bencher, generate } = self;
        Self { bencher: bencher.counter(counter), generate }
    }

    /// Measures a function that each thread calls once on each structure.
    pub fn bench_shared<T, O>(self, function: impl Fn(&T) -> O + Sync)
    where
        T: Send + Sync,
        G: FnMut() -> T,
    {
        drop(function);
    }
}
