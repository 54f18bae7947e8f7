//! The loops that are timed. Everything between `start` and `stop` here is on the clock.

#![expect(clippy::inline_always, reason = "a call between clock and benchmark would be timed")]

use std::hint::black_box;
use std::mem::{needs_drop, size_of};

use super::body::{Batch, Job, Purpose, with_meter};
use super::probe::CheckOutcome;
use crate::resource::{Allocations, Callgrind, Meter, settle_returns};

/// Memory that inputs and kept outputs of one timed region may take, not counting what they own on
/// the heap: small enough to leave most of a first-level cache to the benchmark.
const REGION_BYTES: usize = 16 * 1024;
/// Most inputs or outputs of one timed region.
const REGION_ITEMS: usize = 1024;

/// How many values of that size one timed region works on.
pub(super) fn region_items(job: Job<'_>, bytes_each: usize) -> usize {
    let fitting = (REGION_BYTES / bytes_each.max(1)).clamp(1, REGION_ITEMS);
    fitting.min(job.region_items).max(1)
}

/// Runs a function without inputs. Outputs that need no drop are consumed on the spot; the others
/// are kept and dropped off the clock, and so are those that have to be checked for errors.
pub(super) fn plain<O, C: CheckOutcome>(
    job: Job<'_>,
    mut function: impl FnMut() -> O,
    mut check: impl FnMut(&O) -> C,
) -> Result<Batch, String> {
    let keep = needs_drop::<O>() || C::CHECKS;
    if let Some(gate) = job.gate {
        gate.wait()?;
    }
    let mut batch = Batch::default();
    let counting = matches!(job.purpose, Purpose::Allocations);
    if !keep && !job.each() && !counting {
        let opened = Batch::open(job);
        let ticks = consume(job, &mut function);
        batch.close(job, opened, ticks);
        return Ok(batch);
    }
    let items = region_items(job, size_of::<O>());
    let mut outputs: Vec<O> = Vec::with_capacity(items);
    let mut left = job.iterations;
    while left > 0 {
        let now = left.min(items as u64);
        left -= now;
        if job.each() {
            for _ in 0..now {
                let start = job.timer.start();
                let output = function();
                let stop = job.timer.stop();
                batch.one(start, stop);
                outputs.push(output);
            }
        } else {
            batch.region_of(job, || outputs.extend((0..now).map(|_| function())));
        }
        settle(&mut outputs, &mut check)?;
    }
    Ok(batch)
}

/// The plainest loop there is.
#[inline(never)]
fn consume<O>(job: Job<'_>, function: &mut impl FnMut() -> O) -> u64 {
    let start = job.timer.start();
    for _ in 0..job.iterations {
        black_box(function());
    }
    job.timer.stop().saturating_sub(start)
}

/// Looks at outputs, then drops them; the first error ends the case.
pub(super) fn settle<O, C: CheckOutcome>(
    outputs: &mut Vec<O>,
    check: &mut impl FnMut(&O) -> C,
) -> Result<(), String> {
    black_box(&mut *outputs);
    if C::CHECKS {
        for output in outputs.iter() {
            if let Some(error) = check(output).into_failure() {
                return Err(error);
            }
        }
    }
    outputs.clear();
    Ok(())
}

impl Batch {
    /// Adds an iteration that was timed by itself.
    #[inline(always)]
    pub(super) fn one(&mut self, start: u64, stop: u64) {
        let ticks = stop.saturating_sub(start);
        self.ticks += ticks;
        self.regions += 1;
        self.each_ticks.push(ticks);
    }

    /// Times one region, or counts what it allocates.
    #[inline(always)]
    fn region_of(&mut self, job: Job<'_>, region: impl FnOnce()) {
        if let Purpose::Allocations = job.purpose {
            let found = Allocations::of(region);
            self.allocations.get_or_insert_default().add(&found);
            return;
        }
        let opened = Self::open(job);
        let start = job.timer.start();
        region();
        let stop = job.timer.stop();
        self.close(job, opened, stop.saturating_sub(start));
    }

    /// Before a region is timed. Disturbances are looked for close around it, so that those of
    /// making inputs and dropping outputs do not count.
    #[inline(always)]
    pub(super) fn open(job: Job<'_>) -> Opened {
        // Asked first and last, so that asking is not metered.
        let opened = Opened { preemptions: (job.preemptions)() };
        if !job.short_regions {
            settle_returns();
        }
        match job.purpose {
            Purpose::Usage(meter) => with_meter(meter, Meter::begin),
            Purpose::Instructions => Callgrind::begin(),
            _ => {}
        }
        opened
    }

    /// After a region was timed.
    #[inline(always)]
    pub(super) fn close(&mut self, job: Job<'_>, opened: Opened, ticks: u64) {
        if job.gate.is_some() {
            let stopped = job.timer.stop();
            self.span = Some((stopped.saturating_sub(ticks), stopped));
        }
        match job.purpose {
            Purpose::Usage(meter) => with_meter(meter, Meter::end),
            Purpose::Instructions => Callgrind::end(),
            _ => {}
        }
        self.preempted |= (job.preemptions)() != opened.preemptions;
        self.ticks += ticks;
        self.regions += 1;
    }
}

/// What stood in the counters when a region began.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    preemptions: u64,
}

/// The inputs of one timed region, lent to the benchmark.
///
/// It is a type of its own, rather than a slice, so that generated code can hold outputs that
/// borrow from the inputs: both live until the region is over.
pub struct Chunk<'i, I> {
    pub(super) inputs: &'i mut Vec<I>,
    pub(super) job: Job<'i>,
    pub(super) batch: &'i mut Batch,
    pub(super) error: &'i mut Option<String>,
}

impl<'i, I> Chunk<'i, I> {
    /// Times the function on every input, by value.
    pub fn map_values<O, C: CheckOutcome>(
        self,
        function: impl FnMut(I) -> O,
        check: impl FnMut(&O) -> C,
    ) {
        let count = self.inputs.len();
        let error = over(self.inputs.drain(..), count, self.job, self.batch, function, check);
        *self.error = error.err();
    }

    /// Times the function on every input, by reference; the inputs are dropped afterwards.
    pub fn map_refs<O, C: CheckOutcome>(
        self,
        function: impl FnMut(&'i mut I) -> O,
        check: impl FnMut(&O) -> C,
    ) {
        let count = self.inputs.len();
        let error = over(self.inputs.iter_mut(), count, self.job, self.batch, function, check);
        *self.error = error.err();
    }
}

/// Times the function over the items of an iterator of known length.
fn over<X, O, C: CheckOutcome>(
    items: impl Iterator<Item = X>,
    count: usize,
    job: Job<'_>,
    batch: &mut Batch,
    mut function: impl FnMut(X) -> O,
    mut check: impl FnMut(&O) -> C,
) -> Result<(), String> {
    let mut outputs: Vec<O> = Vec::new();
    if job.each() {
        outputs.reserve_exact(count);
        for item in items {
            let item = black_box(item);
            let start = job.timer.start();
            let output = function(item);
            let stop = job.timer.stop();
            batch.one(start, stop);
            outputs.push(output);
        }
    } else if needs_drop::<O>() || C::CHECKS {
        outputs.reserve_exact(count);
        batch.region_of(job, || outputs.extend(items.map(|item| function(black_box(item)))));
    } else {
        batch.region_of(job, || {
            for item in items {
                black_box(function(black_box(item)));
            }
        });
    }
    settle(&mut outputs, &mut check)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bencher::probe::NoCheck;
    use crate::clock::{Timer, TimerSpec};
    use std::cell::Cell;

    fn timer() -> Timer {
        Timer::new(TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 0.0 })
    }

    fn job(timer: &Timer, iterations: u64, each: bool) -> Job<'_> {
        Job {
            iterations,
            purpose: if each { Purpose::Latency } else { Purpose::Time },
            timer,
            preemptions: || 0,
            short_regions: false,
            region_items: usize::MAX,
            gate: None,
        }
    }

    #[test]
    fn every_iteration_runs_and_every_output_is_dropped() {
        struct Counted<'a>(&'a Cell<u32>);
        impl Drop for Counted<'_> {
            fn drop(&mut self) {
                self.0.set(self.0.get() + 1);
            }
        }
        let (timer, dropped) = (timer(), Cell::new(0));
        for each in [false, true] {
            dropped.set(0);
            let batch = plain(job(&timer, 2_500, each), || Counted(&dropped), |_| NoCheck);
            let batch = batch.unwrap_or_default();
            assert_eq!(dropped.get(), 2_500);
            assert_eq!(batch.each_ticks.len(), if each { 2_500 } else { 0 });
        }
    }

    #[test]
    fn outputs_may_borrow_from_inputs() {
        let timer = timer();
        let mut inputs = vec![String::from("a b"), String::from("c d")];
        let (mut batch, mut error) = (Batch::default(), None);
        let chunk = Chunk {
            inputs: &mut inputs,
            job: job(&timer, 2, false),
            batch: &mut batch,
            error: &mut error,
        };
        chunk.map_refs(|text| text.split(' ').collect::<Vec<&str>>(), |_| NoCheck);
        assert_eq!((batch.regions, error), (1, None));
    }

    #[test]
    fn an_error_ends_the_batch() {
        let timer = timer();
        let count = Cell::new(0);
        let fail_late = || {
            count.set(count.get() + 1);
            if count.get() == 7 { Err("seven") } else { Ok(()) }
        };
        let check = |outcome: &Result<(), &str>| outcome.err().map(str::to_owned);
        let batch = plain(job(&timer, 10, false), fail_late, check);
        assert_eq!(batch.err().as_deref(), Some("seven"));
    }
}
