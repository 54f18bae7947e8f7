//! The handle that bench functions are given.

use std::hint::black_box;
use std::time::Duration;

use crate::BatchSize;
use crate::measurement::{Measurement, WallTime};

/// Inputs that are alive at once where something else than time is measured: beginning and ending may
/// be anything there, and should not be a part of each value.
const BATCH: u64 = 1024;

/// Runs and measures one bench.
pub struct Bencher<'a, M: Measurement = WallTime> {
    inner: Option<bench_sdk::Bencher<'a>>,
    measurement: &'a M,
    calls: u32,
}

impl<'a, M: Measurement> Bencher<'a, M> {
    pub(crate) fn new(inner: bench_sdk::Bencher<'a>, measurement: &'a M) -> Self {
        Self { inner: Some(inner), measurement, calls: 0 }
    }

    /// Whether exactly one measuring method was called.
    pub(crate) fn check(&self) -> Result<(), String> {
        match self.calls {
            0 => Err("the bench function called neither `iter` nor a method like it".to_owned()),
            1 => Ok(()),
            _ => Err("the bench function measures twice".to_owned()),
        }
    }

    /// The engine's bencher for time on the wall, whose loops are the engine's own; `None` where
    /// something else is measured, or measuring is over.
    fn engine(&mut self) -> Option<bench_sdk::Bencher<'a>> {
        if !self.measurement.__is_wall_time() {
            return None;
        }
        self.calls += 1;
        self.inner.take()
    }

    /// Measures what such numbers of iterations come to.
    pub(crate) fn measure(&mut self, mut run: impl FnMut(u64) -> M::Value) {
        self.calls += 1;
        let measurement = self.measurement;
        let Some(bencher) = self.inner.take() else { return };
        if measurement.__is_wall_time() {
            let time = |iterations| {
                let ns = measurement.to_f64(&run(iterations));
                Duration::try_from_secs_f64(ns / 1e9).unwrap_or_default()
            };
            bencher.bench_timed(time);
        } else {
            let formatter = measurement.formatter();
            let unit = formatter.scale_for_machines(&mut [1.0]);
            bencher.bench_measured(unit, |iterations| {
                let mut value = [measurement.to_f64(&run(iterations))];
                formatter.scale_for_machines(&mut value);
                value[0]
            });
        }
    }

    #[cfg(feature = "async")]
    pub(crate) fn measurement(&self) -> &'a M {
        self.measurement
    }

    /// Measures a function. Dropping what it returns counts.
    #[expect(clippy::iter_not_returning_iterator, reason = "criterion's name")]
    pub fn iter<O, R>(&mut self, mut routine: R)
    where
        R: FnMut() -> O,
    {
        if let Some(bencher) = self.engine() {
            bencher.bench_local(|| drop(black_box(routine())));
            return;
        }
        let measurement = self.measurement;
        self.measure(|iterations| {
            let start = measurement.start();
            for _ in 0..iterations {
                drop(black_box(routine()));
            }
            measurement.end(start)
        });
    }

    /// Measures a function that takes its own time: it is told how many iterations to run, and
    /// gives what they took.
    pub fn iter_custom<R>(&mut self, routine: R)
    where
        R: FnMut(u64) -> M::Value,
    {
        self.measure(routine);
    }

    /// [`iter_batched`](Self::iter_batched), one input at a time.
    #[doc(hidden)]
    pub fn iter_with_setup<I, O, S, R>(&mut self, setup: S, routine: R)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> O,
    {
        self.iter_batched(setup, routine, BatchSize::PerIteration);
    }

    /// Measures a function; what it returns is dropped off the clock.
    pub fn iter_with_large_drop<O, R>(&mut self, mut routine: R)
    where
        R: FnMut() -> O,
    {
        match self.engine() {
            Some(bencher) => bencher.bench_local(routine),
            None => self.iter_batched(|| (), |()| routine(), BatchSize::SmallInput),
        }
    }

    /// Measures a function that uses up an input, which is made off the clock.
    pub fn iter_batched<I, O, S, R>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> O,
    {
        if !size.is_one()
            && let Some(bencher) = self.engine()
        {
            bencher.with_inputs(setup).bench_local_values(routine);
            return;
        }
        let measurement = self.measurement;
        self.measure(|iterations| {
            if size.is_one() {
                return one_by_one(measurement, iterations, || {
                    let input = black_box(setup());
                    let start = measurement.start();
                    let output = routine(input);
                    (measurement.end(start), output)
                });
            }
            let mut sum = measurement.zero();
            for count in size.batches(iterations, BATCH) {
                let inputs: Vec<I> = (0..count).map(|_| setup()).collect();
                let inputs = black_box(inputs);
                let mut outputs = Vec::with_capacity(inputs.len());
                let start = measurement.start();
                outputs.extend(inputs.into_iter().map(&mut routine));
                sum = measurement.add(&sum, &measurement.end(start));
                drop(black_box(outputs));
            }
            sum
        });
    }

    /// Measures a function that changes an input, which is made and dropped off the clock.
    pub fn iter_batched_ref<I, O, S, R>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(&mut I) -> O,
    {
        if !size.is_one()
            && let Some(bencher) = self.engine()
        {
            bencher.with_inputs(setup).bench_local_refs(routine);
            return;
        }
        let measurement = self.measurement;
        self.measure(|iterations| {
            if size.is_one() {
                return one_by_one(measurement, iterations, || {
                    let mut input = black_box(setup());
                    let start = measurement.start();
                    let output = routine(&mut input);
                    (measurement.end(start), (output, input))
                });
            }
            let mut sum = measurement.zero();
            for count in size.batches(iterations, BATCH) {
                let inputs: Vec<I> = (0..count).map(|_| setup()).collect();
                let mut inputs = black_box(inputs);
                let mut outputs = Vec::with_capacity(inputs.len());
                let start = measurement.start();
                outputs.extend(inputs.iter_mut().map(&mut routine));
                sum = measurement.add(&sum, &measurement.end(start));
                drop(black_box((outputs, inputs)));
            }
            sum
        });
    }

    /// Measures futures, driven by that executor.
    #[cfg(feature = "async")]
    pub fn to_async<'b, A: crate::async_executor::AsyncExecutor>(
        &'b mut self,
        runner: A,
    ) -> crate::AsyncBencher<'a, 'b, A, M> {
        crate::AsyncBencher::new(self, runner)
    }
}

/// What so many iterations come to, each measured by itself; what they leave is dropped in between.
fn one_by_one<M: Measurement, L>(
    measurement: &M,
    iterations: u64,
    mut measured: impl FnMut() -> (M::Value, L),
) -> M::Value {
    let mut sum = measurement.zero();
    for _ in 0..iterations {
        let (value, left) = measured();
        sum = measurement.add(&sum, &value);
        drop(black_box(left));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_measured_counts() {
        let mut calls = 0;
        let sum = one_by_one(&WallTime, 4, || {
            calls += 1;
            (Duration::from_nanos(5), calls)
        });
        assert_eq!((sum, calls), (Duration::from_nanos(20), 4));
    }
}
