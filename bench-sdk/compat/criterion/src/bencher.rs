//! The handle that bench functions are given.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::BatchSize;
use crate::measurement::{Measurement, WallTime};

/// Runs and times one bench.
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

    /// The engine's bencher, where there is something for it to do.
    pub(crate) fn engine(&mut self) -> Option<bench_sdk::Bencher<'a>> {
        self.calls += 1;
        let inner = self.inner.take()?;
        if self.measurement.__is_wall_time() {
            return Some(inner);
        }
        inner.fail("measurements other than `WallTime` are not available in this version");
        None
    }

    /// What a value of the measurement is as time.
    pub(crate) fn time(measurement: &M, value: &M::Value) -> Duration {
        let ns = measurement.to_f64(value);
        Duration::try_from_secs_f64(ns / 1e9).unwrap_or_default()
    }

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
        }
    }

    /// Measures a function that takes its own time: it is told how many iterations to run, and
    /// gives what they took.
    pub fn iter_custom<R>(&mut self, mut routine: R)
    where
        R: FnMut(u64) -> M::Value,
    {
        let measurement = self.measurement;
        if let Some(bencher) = self.engine() {
            bencher.bench_timed(|iterations| Self::time(measurement, &routine(iterations)));
        }
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
    pub fn iter_with_large_drop<O, R>(&mut self, routine: R)
    where
        R: FnMut() -> O,
    {
        if let Some(bencher) = self.engine() {
            bencher.bench_local(routine);
        }
    }

    /// Measures a function that uses up an input, which is made off the clock.
    pub fn iter_batched<I, O, S, R>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> O,
    {
        let Some(bencher) = self.engine() else { return };
        if size.is_one() {
            bencher.bench_timed(|iterations| {
                one_by_one(iterations, || {
                    let input = black_box(setup());
                    let start = Instant::now();
                    let output = routine(input);
                    (start.elapsed(), output)
                })
            });
        } else {
            bencher.with_inputs(setup).bench_local_values(routine);
        }
    }

    /// Measures a function that changes an input, which is made and dropped off the clock.
    pub fn iter_batched_ref<I, O, S, R>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(&mut I) -> O,
    {
        let Some(bencher) = self.engine() else { return };
        if size.is_one() {
            bencher.bench_timed(|iterations| {
                one_by_one(iterations, || {
                    let mut input = black_box(setup());
                    let start = Instant::now();
                    let output = routine(&mut input);
                    (start.elapsed(), (output, input))
                })
            });
        } else {
            bencher.with_inputs(setup).bench_local_refs(routine);
        }
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

/// The time of so many iterations, each timed by itself; what they leave is dropped in between.
fn one_by_one<L>(iterations: u64, mut timed: impl FnMut() -> (Duration, L)) -> Duration {
    let mut sum = Duration::ZERO;
    for _ in 0..iterations {
        let (elapsed, left) = timed();
        sum += elapsed;
        drop(black_box(left));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_timed_counts() {
        let mut calls = 0;
        let sum = one_by_one(4, || {
            calls += 1;
            (Duration::from_nanos(5), calls)
        });
        assert_eq!((sum, calls), (Duration::from_nanos(20), 4));
    }
}
