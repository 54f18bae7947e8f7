//! Benches of futures.

use std::future::Future;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::async_executor::AsyncExecutor;
use crate::measurement::{Measurement, WallTime};
use crate::{BatchSize, Bencher};

/// Inputs that are alive at once, where they are small.
const BATCH: u64 = 64;

/// A [`Bencher`] of futures.
pub struct AsyncBencher<'a, 'b, A: AsyncExecutor, M: Measurement = WallTime> {
    bencher: &'b mut Bencher<'a, M>,
    runner: A,
}

impl<'a, 'b, A: AsyncExecutor, M: Measurement> AsyncBencher<'a, 'b, A, M> {
    pub(crate) fn new(bencher: &'b mut Bencher<'a, M>, runner: A) -> Self {
        Self { bencher, runner }
    }

    /// Measures a future, from making it to dropping its output.
    #[expect(clippy::iter_not_returning_iterator, reason = "criterion's name")]
    pub fn iter<O, R, F>(&mut self, mut routine: R)
    where
        R: FnMut() -> F,
        F: Future<Output = O>,
    {
        let runner = &self.runner;
        if let Some(bencher) = self.bencher.engine() {
            bencher.bench_timed(|iterations| {
                runner.block_on(async {
                    let start = Instant::now();
                    for _ in 0..iterations {
                        drop(black_box(routine().await));
                    }
                    start.elapsed()
                })
            });
        }
    }

    /// Measures a future that takes its own time: it is told how many iterations to run, and gives
    /// what they took.
    pub fn iter_custom<R, F>(&mut self, mut routine: R)
    where
        R: FnMut(u64) -> F,
        F: Future<Output = M::Value>,
    {
        let (runner, measurement) = (&self.runner, self.bencher.measurement());
        if let Some(bencher) = self.bencher.engine() {
            bencher.bench_timed(|iterations| {
                let value = runner.block_on(routine(iterations));
                Bencher::time(measurement, &value)
            });
        }
    }

    /// [`iter_batched`](Self::iter_batched), one input at a time.
    #[doc(hidden)]
    pub fn iter_with_setup<I, O, S, R, F>(&mut self, setup: S, routine: R)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> F,
        F: Future<Output = O>,
    {
        self.iter_batched(setup, routine, BatchSize::PerIteration);
    }

    /// Measures a future; its output is dropped off the clock.
    pub fn iter_with_large_drop<O, R, F>(&mut self, mut routine: R)
    where
        R: FnMut() -> F,
        F: Future<Output = O>,
    {
        self.iter_batched(|| (), |()| routine(), BatchSize::SmallInput);
    }

    /// [`iter_batched`](Self::iter_batched), all inputs at once.
    #[doc(hidden)]
    pub fn iter_with_large_setup<I, O, S, R, F>(&mut self, setup: S, routine: R)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> F,
        F: Future<Output = O>,
    {
        self.iter_batched(setup, routine, BatchSize::NumBatches(1));
    }

    /// Measures a future that uses up an input, which is made off the clock.
    pub fn iter_batched<I, O, S, R, F>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> F,
        F: Future<Output = O>,
    {
        let runner = &self.runner;
        if let Some(bencher) = self.bencher.engine() {
            bencher.bench_timed(|iterations| {
                runner.block_on(async {
                    let mut sum = Duration::ZERO;
                    for count in batches(iterations, size) {
                        let inputs: Vec<I> = (0..count).map(|_| setup()).collect();
                        let inputs = black_box(inputs);
                        let mut outputs = Vec::with_capacity(inputs.len());
                        let start = Instant::now();
                        for input in inputs {
                            outputs.push(routine(input).await);
                        }
                        sum += start.elapsed();
                        drop(black_box(outputs));
                    }
                    sum
                })
            });
        }
    }

    /// Measures a future that changes an input, which is made and dropped off the clock.
    pub fn iter_batched_ref<I, O, S, R, F>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(&mut I) -> F,
        F: Future<Output = O>,
    {
        let runner = &self.runner;
        if let Some(bencher) = self.bencher.engine() {
            bencher.bench_timed(|iterations| {
                runner.block_on(async {
                    let mut sum = Duration::ZERO;
                    for count in batches(iterations, size) {
                        let inputs: Vec<I> = (0..count).map(|_| setup()).collect();
                        let mut inputs = black_box(inputs);
                        let mut outputs = Vec::with_capacity(inputs.len());
                        let start = Instant::now();
                        for input in &mut inputs {
                            outputs.push(routine(input).await);
                        }
                        sum += start.elapsed();
                        drop(black_box((outputs, inputs)));
                    }
                    sum
                })
            });
        }
    }
}

/// How many inputs each batch has.
fn batches(iterations: u64, size: BatchSize) -> impl Iterator<Item = u64> {
    let each = if size.is_one() { 1 } else { BATCH };
    let full = iterations / each;
    let rest = iterations % each;
    (0..full).map(move |_| each).chain((rest > 0).then_some(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_hold_all_iterations() {
        let of = |iterations, size| batches(iterations, size).collect::<Vec<_>>();
        assert_eq!(of(130, BatchSize::SmallInput), [64, 64, 2]);
        assert_eq!(of(2, BatchSize::PerIteration), [1, 1]);
        assert_eq!(of(0, BatchSize::SmallInput), [0; 0]);
    }
}
