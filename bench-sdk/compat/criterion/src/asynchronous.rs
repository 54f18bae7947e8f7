//! Benches of futures.

use std::future::Future;
use std::hint::black_box;

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
        let (runner, measurement) = (&self.runner, self.bencher.measurement());
        self.bencher.measure(|iterations| {
            runner.block_on(async {
                let start = measurement.start();
                for _ in 0..iterations {
                    drop(black_box(routine().await));
                }
                measurement.end(start)
            })
        });
    }

    /// Measures a future that takes its own time: it is told how many iterations to run, and gives
    /// what they took.
    pub fn iter_custom<R, F>(&mut self, mut routine: R)
    where
        R: FnMut(u64) -> F,
        F: Future<Output = M::Value>,
    {
        let runner = &self.runner;
        self.bencher.measure(|iterations| runner.block_on(routine(iterations)));
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
        let (runner, measurement) = (&self.runner, self.bencher.measurement());
        self.bencher.measure(|iterations| {
            runner.block_on(async {
                let mut sum = measurement.zero();
                for count in size.batches(iterations, BATCH) {
                    let inputs: Vec<I> = (0..count).map(|_| setup()).collect();
                    let inputs = black_box(inputs);
                    let mut outputs = Vec::with_capacity(inputs.len());
                    let start = measurement.start();
                    for input in inputs {
                        outputs.push(routine(input).await);
                    }
                    sum = measurement.add(&sum, &measurement.end(start));
                    drop(black_box(outputs));
                }
                sum
            })
        });
    }

    /// Measures a future that changes an input, which is made and dropped off the clock.
    pub fn iter_batched_ref<I, O, S, R, F>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(&mut I) -> F,
        F: Future<Output = O>,
    {
        let (runner, measurement) = (&self.runner, self.bencher.measurement());
        self.bencher.measure(|iterations| {
            runner.block_on(async {
                let mut sum = measurement.zero();
                for count in size.batches(iterations, BATCH) {
                    let inputs: Vec<I> = (0..count).map(|_| setup()).collect();
                    let mut inputs = black_box(inputs);
                    let mut outputs = Vec::with_capacity(inputs.len());
                    let start = measurement.start();
                    for input in &mut inputs {
                        outputs.push(routine(input).await);
                    }
                    sum = measurement.add(&sum, &measurement.end(start));
                    drop(black_box((outputs, inputs)));
                }
                sum
            })
        });
    }
}
