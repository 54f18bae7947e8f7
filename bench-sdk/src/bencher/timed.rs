//! Benchmarks that take their own time.

use std::time::Duration;

use super::bench::Bencher;
use super::body::{Batch, Body, Job, Purpose};
use super::samples::Broken;
use crate::record::metric_name;
use crate::resource::Allocations;

impl Bencher<'_> {
    /// Measures a function that is told how many iterations to run, runs them, and gives the time
    /// they took, by whatever clock it trusts. It runs on one thread. Latencies and what is used
    /// besides time are not told, but for allocations and memory: what lies around the iterations
    /// cannot be told from them.
    ///
    /// ```
    /// use std::time::Instant;
    ///
    /// use bench_sdk::{Bencher, hub_bench};
    ///
    /// #[hub_bench]
    /// fn round_trips(bencher: Bencher) {
    ///     bencher.bench_timed(|iterations| {
    ///         let connection = String::from("set up anew for every batch");
    ///         let start = Instant::now();
    ///         for _ in 0..iterations {
    ///             std::hint::black_box(connection.len());
    ///         }
    ///         start.elapsed()
    ///     });
    /// }
    /// # fn main() {}
    /// ```
    pub fn bench_timed(self, function: impl FnMut(u64) -> Duration) {
        if self.context.threads > 1 {
            let message = "`bench_timed` runs on one thread, but the benchmark asks for several";
            self.context.outcome = Some(Err(Broken::failed(message)));
        } else {
            self.measure(&mut Timed(function));
        }
    }

    /// Measures a function that is told how many iterations to run, runs them, and gives what they
    /// came to in a unit of its own, less of which is better. Time says how many iterations to run
    /// and for how long, and is not recorded.
    #[doc(hidden)]
    pub fn bench_measured(self, unit: &str, function: impl FnMut(u64) -> f64) {
        if self.context.threads > 1 {
            let message = "a measurement of its own runs on one thread, but the benchmark asks for \
                           several";
            self.context.outcome = Some(Err(Broken::failed(message)));
        } else {
            self.measure(&mut Measured { metric: metric_name::custom(unit), function });
        }
    }

    /// Ends the case with these words instead of measuring anything.
    #[doc(hidden)]
    pub fn fail(self, message: &str) {
        self.context.outcome = Some(Err(Broken::failed(message)));
    }
}

/// A body with a clock of its own.
struct Timed<F>(F);

impl<F: FnMut(u64) -> Duration> Body for Timed<F> {
    fn run(&mut self, job: Job<'_>) -> Result<Batch, String> {
        let mut batch = Batch::default();
        if let Purpose::Allocations = job.purpose {
            let run = || {
                (self.0)(job.iterations);
            };
            batch.allocations = Some(Allocations::of(run));
            return Ok(batch);
        }
        let opened = Batch::open(job);
        let ticks = job.timer.ticks((self.0)(job.iterations));
        batch.close(job, opened, ticks);
        // The engine's clock was not read.
        batch.regions = 0;
        Ok(batch)
    }

    fn has_own_clock(&self) -> bool {
        true
    }
}

/// A body with a measurement of its own.
struct Measured<F> {
    metric: String,
    function: F,
}

impl<F: FnMut(u64) -> f64> Body for Measured<F> {
    fn run(&mut self, job: Job<'_>) -> Result<Batch, String> {
        let mut batch = Batch::default();
        if let Purpose::Allocations = job.purpose {
            let run = || {
                (self.function)(job.iterations);
            };
            batch.allocations = Some(Allocations::of(run));
            return Ok(batch);
        }
        let opened = Batch::open(job);
        let start = job.timer.start();
        let value = (self.function)(job.iterations);
        let stop = job.timer.stop();
        batch.close(job, opened, stop.saturating_sub(start));
        if !value.is_finite() {
            return Err(format!(
                "its measurement gave {value} for a batch of {}, which is no amount",
                job.iterations
            ));
        }
        batch.value = Some(value);
        Ok(batch)
    }

    fn has_own_clock(&self) -> bool {
        true
    }

    fn own_metric(&self) -> Option<&str> {
        Some(&self.metric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Timer, TimerSpec};

    fn job(timer: &Timer) -> Job<'_> {
        Job {
            iterations: 8,
            purpose: Purpose::Time,
            timer,
            preemptions: || 0,
            short_regions: false,
            region_items: 1,
            gate: None,
        }
    }

    #[test]
    fn the_value_is_what_the_function_says() {
        let spec = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 20.0 };
        let timer = Timer::new(spec);
        let metric = metric_name::custom("steps");
        let mut body = Measured { metric, function: |iterations| iterations as f64 * 3.0 };
        assert_eq!(body.run(job(&timer)).unwrap_or_default().value, Some(24.0));
        assert_eq!((body.own_metric(), body.has_own_clock()), (Some("custom_steps"), true));
        let mut lost = Measured { metric: String::new(), function: |_| f64::NAN };
        assert!(
            lost.run(job(&timer)).is_err_and(|error| error.contains("gave NaN for a batch of 8"))
        );
    }

    #[test]
    fn the_time_is_what_the_function_says() {
        let spec = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 20.0 };
        let timer = Timer::new(spec);
        let job = job(&timer);
        let mut asked = Vec::new();
        let mut body = Timed(|iterations| {
            asked.push(iterations);
            Duration::from_nanos(100 * iterations)
        });
        let batch = body.run(job).unwrap_or_default();
        assert_eq!((batch.ticks, batch.regions, body.has_own_clock()), (800, 0, true));
        let counted = body.run(Job { purpose: Purpose::Allocations, ..job }).unwrap_or_default();
        assert!(counted.allocations.is_some() && counted.ticks == 0);
        assert_eq!(asked, [8, 8]);
    }
}
