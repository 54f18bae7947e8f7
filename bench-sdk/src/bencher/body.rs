//! What the sampling logic sees of a benchmark: something that can run n iterations.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::ScopedJoinHandle;

use super::amounts::Amounts;
use super::gate::{Gate, SET_FREE};
use crate::clock::Timer;
use crate::resource::{Absent, Allocations, Meter, Scope, Tally, settle_returns};

/// One request to a body.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    /// Iterations to run, at least one.
    pub(super) iterations: u64,
    /// What is wanted of them.
    pub(super) purpose: Purpose<'a>,
    /// The clock.
    pub(super) timer: &'a Timer,
    /// How often the scheduler has taken the processor from the calling thread.
    pub(super) preemptions: fn() -> u64,
    /// Whether that is asked once for all regions, which are too short to ask for each of them.
    pub(super) short_regions: bool,
    /// Most inputs or kept outputs of one timed region.
    pub(super) region_items: usize,
    /// Where threads wait for each other before the first timed region.
    pub(super) gate: Option<&'a Gate>,
}

/// What iterations are run for.
#[derive(Clone, Copy)]
pub(super) enum Purpose<'a> {
    /// To time them, many in one region.
    Time,
    /// To time every one by itself.
    Latency,
    /// To time them, with a meter read around every region.
    Usage(&'a Mutex<Meter>),
    /// To count what each allocates; nothing is timed.
    Allocations,
    /// To have Callgrind count the instructions of every region; nothing is timed, and no time
    /// decides how long a region is.
    Instructions,
}

impl Job<'_> {
    /// Whether every iteration is timed by itself.
    pub(super) fn each(&self) -> bool {
        matches!(self.purpose, Purpose::Latency)
    }
}

/// Uses the meter; a panic of the benchmark, which unwinds past it, leaves it usable.
pub(super) fn with_meter<R>(meter: &Mutex<Meter>, with: impl FnOnce(&mut Meter) -> R) -> R {
    with(&mut meter.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What running a [`Job`] gave.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    /// Ticks inside timed regions.
    pub(super) ticks: u64,
    /// Ticks of the slowest of its threads alone, where that is less than `ticks`.
    pub(super) own_ticks: Option<u64>,
    /// When its last region began and ended, on the clock that all threads share; told where threads
    /// run together.
    pub(super) span: Option<(u64, u64)>,
    /// Timed regions it took; each costs two readings of the clock.
    pub(super) regions: u64,
    /// What was allocated in the regions, where that was asked for.
    pub(super) allocations: Option<Allocations>,
    /// What meters of its own threads saw, where it has such.
    pub(super) usage: Tally,
    /// What those meters do not see.
    pub(super) absent: Vec<Absent>,
    /// Whether inputs were made off the clock.
    pub(super) had_inputs: bool,
    /// Whether the scheduler took the processor away within a timed region.
    pub(super) preempted: bool,
    /// Ticks of every iteration, where asked for.
    pub(super) each_ticks: Vec<u64>,
    /// What the inputs count for, where inputs are counted.
    pub(super) counted: Amounts,
    /// What all iterations came to by a measurement of the benchmark's own.
    pub(super) value: Option<f64>,
}

/// The body of a case, ready to run.
pub(super) trait Body {
    /// Runs the job; an error is what the benchmark returned.
    fn run(&mut self, job: Job<'_>) -> Result<Batch, String>;

    /// Threads that run it at once.
    fn threads(&self) -> u32 {
        1
    }

    /// Whether it says itself what its iterations took. What lies around them is not known then: they
    /// are not timed one by one, nor is anything metered.
    fn has_own_clock(&self) -> bool {
        false
    }

    /// The metric that it gives values of instead of time.
    fn own_metric(&self) -> Option<&str> {
        None
    }
}

/// A body on the calling thread.
pub(super) struct Solo<W>(pub(super) W);

impl<W: FnMut(Job<'_>) -> Result<Batch, String>> Body for Solo<W> {
    fn run(&mut self, job: Job<'_>) -> Result<Batch, String> {
        guarded(&mut self.0, job)
    }
}

/// A body that several threads run at once, each the whole number of iterations. The time of a
/// batch is from the first thread's start to the last one's end; where inputs are made in between,
/// the regions of the slowest thread.
pub(super) struct Together<W> {
    pub(super) threads: usize,
    pub(super) work: W,
}

impl<W: Fn(Job<'_>) -> Result<Batch, String> + Sync> Body for Together<W> {
    fn run(&mut self, job: Job<'_>) -> Result<Batch, String> {
        if let Purpose::Allocations | Purpose::Instructions = job.purpose {
            // The counters are those of the whole process, so one thread at a time.
            return (self.work)(job);
        }
        let gate = Gate::new(self.threads);
        let job = Job { gate: Some(&gate), ..job };
        let work = &self.work;
        let batches = std::thread::scope(|scope| {
            let spawn = |_| scope.spawn(move || on_thread(work, job));
            let running: Vec<_> = (0..self.threads).map(spawn).collect();
            join_all(running)
        })?;
        let whole = from_first_to_last(&batches);
        let mut batch = batches.into_iter().reduce(slower).unwrap_or_default();
        if let Some(whole) = whole {
            batch.own_ticks = Some(batch.ticks);
            batch.ticks = whole;
        }
        Ok(batch)
    }

    fn threads(&self) -> u32 {
        self.threads as u32
    }
}

/// Runs the work, and looks for disturbances around all of it where its regions are short. Then those
/// of making inputs and dropping outputs count as well, whatever time was measured.
fn guarded(
    work: impl FnOnce(Job<'_>) -> Result<Batch, String>,
    job: Job<'_>,
) -> Result<Batch, String> {
    if !job.short_regions {
        return work(job);
    }
    let before = (job.preemptions)();
    settle_returns();
    let mut batch = work(Job { preemptions: || 0, ..job })?;
    batch.preempted |= (job.preemptions)() != before;
    Ok(batch)
}

/// What the threads gave: a panic of one of them, else an error, else all batches. Those that were
/// only set free because another one broke tell nothing.
pub(super) fn join_all(
    running: Vec<ScopedJoinHandle<'_, Result<Batch, String>>>,
) -> Result<Vec<Batch>, String> {
    let ended: Vec<_> = running.into_iter().map(ScopedJoinHandle::join).collect();
    let mut outcomes = Vec::with_capacity(ended.len());
    for outcome in ended {
        outcomes.push(outcome.unwrap_or_else(|payload| resume_unwind(payload)));
    }
    let is_telling =
        |outcome: &Result<_, String>| outcome.as_ref().is_err_and(|error| error != SET_FREE);
    let telling = outcomes.iter().position(is_telling).unwrap_or(0);
    outcomes.swap(0, telling);
    outcomes.into_iter().collect()
}

/// Runs one thread's part. Inputs are made while other threads are in their regions, so each thread
/// is metered by itself.
pub(super) fn on_thread(
    work: impl FnOnce(Job<'_>) -> Result<Batch, String>,
    job: Job<'_>,
) -> Result<Batch, String> {
    let pass = job.gate.map(Gate::pass);
    let batch = if let Purpose::Usage(meter) = job.purpose {
        let readings = with_meter(meter, |meter| meter.readings());
        let mut meter = Meter::open(Scope::Thread);
        meter.choose(readings);
        let meter = Mutex::new(meter);
        let mut batch = work(Job { purpose: Purpose::Usage(&meter), ..job })?;
        (batch.usage, batch.absent) =
            with_meter(&meter, |meter| (meter.take(), meter.absent().to_vec()));
        batch
    } else {
        guarded(work, job)?
    };
    if let Some(pass) = pass {
        pass.done();
    }
    Ok(batch)
}

/// From the first start to the last end, where every thread had a single region. With more threads
/// than processors some wait for others to end, which is not in the time of any of them.
fn from_first_to_last(batches: &[Batch]) -> Option<u64> {
    if batches.iter().any(|batch| batch.regions != 1) {
        return None;
    }
    let spans: Option<Vec<(u64, u64)>> = batches.iter().map(|batch| batch.span).collect();
    let spans = spans?;
    let first = spans.iter().map(|span| span.0).min()?;
    let last = spans.iter().map(|span| span.1).max()?;
    Some(last.saturating_sub(first))
}

/// The slower of two batches, with the latencies, disturbances and usage of both.
fn slower(mut a: Batch, mut b: Batch) -> Batch {
    if b.ticks > a.ticks {
        std::mem::swap(&mut a, &mut b);
    }
    a.each_ticks.append(&mut b.each_ticks);
    a.preempted |= b.preempted;
    a.usage.add(&b.usage);
    a.absent.append(&mut b.absent);
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::TimerSpec;

    #[test]
    fn threads_start_together_and_the_slowest_counts() {
        use std::sync::atomic::{AtomicU64, Ordering};
        let spec = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 0.0 };
        let timer = Timer::new(spec);
        let turn = AtomicU64::new(0);
        let work = |job: Job<'_>| {
            if let Some(gate) = job.gate {
                gate.wait()?;
            }
            let ticks = 100 * (1 + turn.fetch_add(1, Ordering::SeqCst));
            Ok(Batch { ticks, regions: 1, each_ticks: vec![ticks], ..Batch::default() })
        };
        let mut body = Together { threads: 3, work };
        let batch = body.run(job(&timer)).unwrap_or_default();
        assert_eq!((batch.ticks, batch.each_ticks.len()), (300, 3));
    }

    #[test]
    fn a_panic_of_one_thread_is_the_panic_of_all() {
        use std::sync::atomic::{AtomicU64, Ordering};
        let spec = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 0.0 };
        let timer = Timer::new(spec);
        let turn = AtomicU64::new(0);
        let work = |job: Job<'_>| {
            if turn.fetch_add(1, Ordering::SeqCst) == 1 {
                std::panic::resume_unwind(Box::new("the second of three"));
            }
            job.gate.map_or(Ok(()), Gate::wait)?;
            Ok(Batch::default())
        };
        let mut body = Together { threads: 3, work };
        let run = std::panic::AssertUnwindSafe(|| body.run(job(&timer)));
        let payload = std::panic::catch_unwind(run).err();
        let text = payload.and_then(|payload| payload.downcast::<&str>().ok());
        assert_eq!(text.as_deref(), Some(&"the second of three"));
    }

    #[test]
    fn threads_that_wait_for_each_other_take_as_long_as_all_of_them() {
        let ran = |start, stop| Batch {
            ticks: stop - start,
            regions: 1,
            span: Some((start, stop)),
            ..Batch::default()
        };
        let one_after_the_other = [ran(100, 350), ran(360, 610)];
        assert_eq!(from_first_to_last(&one_after_the_other), Some(510));
        let with_inputs = [ran(100, 350), Batch { regions: 2, ..ran(360, 610) }];
        assert_eq!(from_first_to_last(&with_inputs), None);
        assert_eq!(from_first_to_last(&[Batch { regions: 1, ..Batch::default() }]), None);
    }

    fn job(timer: &Timer) -> Job<'_> {
        Job {
            iterations: 1,
            purpose: Purpose::Latency,
            timer,
            preemptions: || 0,
            short_regions: false,
            region_items: usize::MAX,
            gate: None,
        }
    }

    #[test]
    fn short_regions_share_one_look_for_disturbances() {
        use std::cell::Cell;
        thread_local! {
            static LOOKS: Cell<u64> = const { Cell::new(0) };
        }
        // Every look finds another disturbance.
        let preemptions = || LOOKS.replace(LOOKS.get() + 1);
        let spec = TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 0.0 };
        let timer = Timer::new(spec);
        let mut body = Solo(|job: Job<'_>| {
            let mut batch = Batch::default();
            for _ in 0..job.iterations {
                let opened = Batch::open(job);
                batch.close(job, opened, 10);
            }
            Ok(batch)
        });
        for (short_regions, looks) in [(true, 2), (false, 6)] {
            LOOKS.set(0);
            let job = Job {
                iterations: 3,
                purpose: Purpose::Time,
                timer: &timer,
                preemptions,
                short_regions,
                region_items: 1,
                gate: None,
            };
            let batch = body.run(job).unwrap_or_default();
            assert_eq!((LOOKS.get(), batch.preempted, batch.regions), (looks, true, 3));
        }
    }
}
