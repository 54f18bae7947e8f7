//! Benchmarks that take their own time.

use std::time::Duration;

use super::bench::Bencher;
use super::body::{Batch, Body, Job, Purpose};
use super::samples::Broken;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Timer, TimerSpec};

    #[test]
    fn the_time_is_what_the_function_says() {
        let spec = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 20.0 };
        let timer = Timer::new(spec);
        let job = Job {
            iterations: 8,
            purpose: Purpose::Time,
            timer: &timer,
            preemptions: || 0,
            short_regions: false,
            region_items: 1,
            gate: None,
        };
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
