//! Async benchmarks with inputs: made off the clock, on the same runtime.

use super::loops::generate_and_run;
use crate::bencher::bench::Bencher;
use crate::bencher::body::Job;
use crate::bencher::inputs::{ByFunction, CountInput, InputBencher, Uncounted};
use crate::bencher::probe::NoCheck;
use crate::record::Counter;

/// A [`Bencher`] that awaits a fresh input for every iteration; see
/// [`Bencher::with_async_inputs`].
#[must_use = "call `bench_async_values` or `bench_async_refs` to measure something"]
pub struct AsyncInputBencher<'a, G, N = Uncounted> {
    bencher: Bencher<'a>,
    generate: G,
    count: N,
}

impl<'a, G> AsyncInputBencher<'a, G> {
    pub(super) fn new(bencher: Bencher<'a>, generate: G) -> Self {
        Self { bencher, generate, count: Uncounted }
    }

    /// Counts what every input stands for; see [`InputBencher::input_counter`].
    pub fn input_counter<I, C, F>(self, count: F) -> AsyncInputBencher<'a, G, ByFunction<F>>
    where
        G: AsyncFnMut() -> I,
        C: Into<Counter>,
        F: Fn(&I) -> C,
    {
        let Self { bencher, generate, .. } = self;
        AsyncInputBencher { bencher, generate, count: ByFunction(count) }
    }
}

impl<G, N> AsyncInputBencher<'_, G, N> {
    /// Says what one iteration processes; see [`Bencher::counter`].
    pub fn counter(self, counter: impl Into<Counter>) -> Self {
        Self { bencher: self.bencher.counter(counter), ..self }
    }

    /// Measures an async function that takes its input by value; see [`Bencher::bench_async`].
    pub fn bench_async_values<I, O>(self, mut function: impl AsyncFnMut(I) -> O)
    where
        G: AsyncFnMut() -> I,
        N: CountInput<I>,
    {
        let Self { bencher, mut generate, count } = self;
        bencher.measure_async(async |job: Job<'_>| {
            generate_and_run(
                job,
                &mut generate,
                |input, amounts| count.count(input, amounts),
                async |chunk| chunk.map_values(&mut function, |_| NoCheck).await,
            )
            .await
        });
    }

    /// Measures an async function that takes its input by mutable reference, as an `async` closure
    /// can; the input is dropped off the clock.
    pub fn bench_async_refs<I, O>(self, mut function: impl AsyncFnMut(&mut I) -> O)
    where
        G: AsyncFnMut() -> I,
        N: CountInput<I>,
    {
        let Self { bencher, mut generate, count } = self;
        bencher.measure_async(async |job: Job<'_>| {
            generate_and_run(
                job,
                &mut generate,
                |input, amounts| count.count(input, amounts),
                async |chunk| chunk.map_refs(&mut function, |_| NoCheck).await,
            )
            .await
        });
    }
}

impl<G, N> InputBencher<'_, G, N> {
    /// Measures an async function that takes its input by value; see [`Bencher::bench_async`].
    /// The inputs are made within the runtime.
    pub fn bench_async_values<I, O>(self, function: impl AsyncFnMut(I) -> O)
    where
        G: FnMut() -> I,
        N: CountInput<I>,
    {
        let Self { bencher, mut generate, count } = self;
        let generate = async || generate();
        AsyncInputBencher { bencher, generate, count }.bench_async_values(function);
    }

    /// Measures an async function that takes its input by mutable reference, as an `async` closure
    /// can; the input is dropped off the clock.
    ///
    /// ```
    /// use bench_sdk::{Bencher, hub_bench};
    ///
    /// #[hub_bench]
    /// fn fill(bencher: Bencher) {
    ///     bencher
    ///         .with_inputs(|| Vec::with_capacity(1))
    ///         .bench_async_refs(async |numbers: &mut Vec<u32>| numbers.push(7));
    /// }
    /// # fn main() {}
    /// ```
    pub fn bench_async_refs<I, O>(self, function: impl AsyncFnMut(&mut I) -> O)
    where
        G: FnMut() -> I,
        N: CountInput<I>,
    {
        let Self { bencher, mut generate, count } = self;
        let generate = async || generate();
        AsyncInputBencher { bencher, generate, count }.bench_async_refs(function);
    }
}
