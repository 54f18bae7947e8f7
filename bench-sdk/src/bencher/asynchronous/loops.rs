//! The loops that are timed where the benchmark is async. They differ from the plain ones in
//! nothing but the `.await`; a whole job is one future, so that entering and leaving the runtime is
//! never on the clock.

use std::hint::black_box;
use std::mem::{needs_drop, size_of};

use crate::bencher::amounts::Amounts;
use crate::bencher::body::{Batch, Job, Purpose};
use crate::bencher::inputs::Filling;
use crate::bencher::loops::{region_items, settle};
use crate::bencher::probe::CheckOutcome;
use crate::resource::Allocations;

/// Runs an async function without inputs; what is kept and dropped is as in the plain loop.
pub(super) async fn plain<O, C: CheckOutcome>(
    job: Job<'_>,
    mut function: impl AsyncFnMut() -> O,
    mut check: impl FnMut(&O) -> C,
) -> Result<Batch, String> {
    let keep = needs_drop::<O>() || C::CHECKS;
    let counting = matches!(job.purpose, Purpose::Allocations);
    let mut items = region_items(job, size_of::<O>()) as u64;
    let mut outputs: Vec<O> = Vec::new();
    if keep || job.each() {
        outputs.reserve_exact(items as usize);
    } else if !counting {
        items = job.iterations;
    }
    let mut batch = Batch::default();
    let mut left = job.iterations;
    while left > 0 {
        let now = left.min(items);
        left -= now;
        if job.each() {
            for _ in 0..now {
                let start = job.timer.start();
                let output = function().await;
                let stop = job.timer.stop();
                batch.one(start, stop);
                outputs.push(output);
            }
        } else if keep {
            let region = async {
                for _ in 0..now {
                    outputs.push(function().await);
                }
            };
            batch.region_of_future(job, region).await;
        } else {
            let region = async {
                for _ in 0..now {
                    black_box(function().await);
                }
            };
            batch.region_of_future(job, region).await;
        }
        settle(&mut outputs, &mut check)?;
    }
    Ok(batch)
}

impl Batch {
    /// Times one region, or counts what it allocates.
    async fn region_of_future(&mut self, job: Job<'_>, region: impl Future<Output = ()>) {
        if let Purpose::Allocations = job.purpose {
            let stretch = Allocations::begin();
            region.await;
            self.allocations.get_or_insert_default().add(&stretch.end());
            return;
        }
        let opened = Self::open(job);
        let start = job.timer.start();
        region.await;
        let stop = job.timer.stop();
        self.close(job, opened, stop.saturating_sub(start));
    }
}

/// Runs the job in regions: makes inputs, lends them to the benchmark, drops what is left of them.
pub(super) async fn generate_and_run<I>(
    job: Job<'_>,
    mut generate: impl AsyncFnMut() -> I,
    count: impl Fn(&I, &mut Amounts),
    mut run: impl AsyncFnMut(AsyncChunk<'_, I>),
) -> Result<Batch, String> {
    let mut batch = Batch { had_inputs: true, ..Batch::default() };
    let mut filling = Filling::new(job, size_of::<I>());
    let mut inputs = Vec::new();
    let mut left = job.iterations;
    while left > 0 {
        filling.begin(left);
        while filling.goes_on(inputs.len()) {
            let input = generate().await;
            count(&input, &mut batch.counted);
            inputs.push(input);
        }
        left -= inputs.len() as u64;
        let mut error = None;
        run(AsyncChunk { inputs: &mut inputs, job, batch: &mut batch, error: &mut error }).await;
        if let Some(error) = error {
            return Err(error);
        }
        inputs.clear();
    }
    Ok(batch)
}

/// The inputs of one timed region, lent to an async benchmark; see [`Chunk`](super::super::Chunk).
pub struct AsyncChunk<'i, I> {
    inputs: &'i mut Vec<I>,
    job: Job<'i>,
    batch: &'i mut Batch,
    error: &'i mut Option<String>,
}

impl<'i, I> AsyncChunk<'i, I> {
    /// Times the function on every input, by value.
    pub async fn map_values<O, C: CheckOutcome>(
        self,
        function: impl AsyncFnMut(I) -> O,
        check: impl FnMut(&O) -> C,
    ) {
        let count = self.inputs.len();
        let over = over(self.inputs.drain(..), count, self.job, self.batch, function, check);
        *self.error = over.await.err();
    }

    /// Times the function on every input, by reference; the inputs are dropped afterwards.
    pub async fn map_refs<O, C: CheckOutcome>(
        self,
        function: impl AsyncFnMut(&'i mut I) -> O,
        check: impl FnMut(&O) -> C,
    ) {
        let count = self.inputs.len();
        let over = over(self.inputs.iter_mut(), count, self.job, self.batch, function, check);
        *self.error = over.await.err();
    }
}

/// Times the function over the items of an iterator of known length.
async fn over<X, O, C: CheckOutcome>(
    items: impl Iterator<Item = X>,
    count: usize,
    job: Job<'_>,
    batch: &mut Batch,
    mut function: impl AsyncFnMut(X) -> O,
    mut check: impl FnMut(&O) -> C,
) -> Result<(), String> {
    let mut outputs: Vec<O> = Vec::new();
    if job.each() {
        outputs.reserve_exact(count);
        for item in items {
            let item = black_box(item);
            let start = job.timer.start();
            let output = function(item).await;
            let stop = job.timer.stop();
            batch.one(start, stop);
            outputs.push(output);
        }
    } else if needs_drop::<O>() || C::CHECKS {
        outputs.reserve_exact(count);
        let region = async {
            for item in items {
                outputs.push(function(black_box(item)).await);
            }
        };
        batch.region_of_future(job, region).await;
    } else {
        let region = async {
            for item in items {
                black_box(function(black_box(item)).await);
            }
        };
        batch.region_of_future(job, region).await;
    }
    settle(&mut outputs, &mut check)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::bencher::probe::NoCheck;
    use crate::clock::{Timer, TimerSpec};
    use crate::record::{Counter, CounterKind};
    use crate::resource::{Meter, Scope};

    /// Polls until it is done; what is tested here needs no waking.
    fn finish<F: Future>(future: F) -> F::Output {
        let mut future = pin!(future);
        loop {
            let mut context = Context::from_waker(Waker::noop());
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
        }
    }

    /// Is pending once.
    async fn pause() {
        let mut paused = false;
        std::future::poll_fn(|_| {
            let before = std::mem::replace(&mut paused, true);
            if before { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn timer() -> Timer {
        Timer::new(TimerSpec { tsc_ns_per_tick: None, precision_ns: 1.0, cost_ns: 0.0 })
    }

    fn job<'a>(timer: &'a Timer, purpose: Purpose<'a>) -> Job<'a> {
        Job {
            iterations: 100,
            purpose,
            timer,
            preemptions: || 0,
            short_regions: false,
            region_items: 8,
            gate: None,
        }
    }

    /// Regions and latencies of a batch of each purpose.
    fn shapes(run: impl Fn(Job<'_>) -> Batch) -> [(u64, usize); 4] {
        let timer = timer();
        let meter = Mutex::new(Meter::open(Scope::Process));
        [Purpose::Time, Purpose::Latency, Purpose::Usage(&meter), Purpose::Allocations].map(
            |purpose| {
                let batch = run(job(&timer, purpose));
                let counts = matches!(purpose, Purpose::Allocations);
                assert_eq!(batch.allocations.is_some(), counts);
                (batch.regions, batch.each_ticks.len())
            },
        )
    }

    /// Counts how often it is dropped.
    struct Counted<'a>(&'a Cell<u32>);

    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn without_outputs_a_batch_is_one_region() {
        let calls = Cell::new(0);
        let function = async || {
            pause().await;
            calls.set(calls.get() + 1);
        };
        let shapes = shapes(|job| finish(plain(job, function, |()| NoCheck)).unwrap_or_default());
        assert_eq!(shapes, [(1, 0), (100, 100), (1, 0), (0, 0)]);
        assert_eq!(calls.get(), 400);
    }

    #[test]
    fn kept_outputs_are_dropped_after_each_region() {
        let dropped = Cell::new(0);
        let function = async || {
            pause().await;
            Counted(&dropped)
        };
        let shapes = shapes(|job| finish(plain(job, function, |_| NoCheck)).unwrap_or_default());
        assert_eq!(shapes, [(13, 0), (100, 100), (13, 0), (0, 0)]);
        assert_eq!(dropped.get(), 400);
    }

    #[test]
    fn inputs_are_awaited_used_once_and_dropped() {
        let (made, dropped) = (Cell::new(0), Cell::new(0));
        let generate = async || {
            pause().await;
            made.set(made.get() + 1);
            (Counted(&dropped), 1)
        };
        let values = async |chunk: AsyncChunk<'_, (Counted<'_>, u32)>| {
            let function = async |(input, _)| {
                pause().await;
                input
            };
            chunk.map_values(function, |_| NoCheck).await;
        };
        let refs = async |chunk: AsyncChunk<'_, (Counted<'_>, u32)>| {
            chunk.map_refs(async |input| &mut input.1, |_| NoCheck).await;
        };
        let items = |count: u32| Counter { kind: CounterKind::Items, count: f64::from(count) };
        let count = |input: &(_, u32), amounts: &mut Amounts| amounts.add(items(input.1));
        let run = |job: Job<'_>| {
            finish(generate_and_run(job, generate, count, values)).unwrap_or_default()
        };
        assert_eq!(shapes(run), [(13, 0), (100, 100), (13, 0), (0, 0)]);
        assert_eq!((made.get(), dropped.get()), (400, 400));
        let run =
            |job: Job<'_>| finish(generate_and_run(job, generate, count, refs)).unwrap_or_default();
        assert_eq!(shapes(run), [(13, 0), (100, 100), (13, 0), (0, 0)]);
        assert_eq!((made.get(), dropped.get()), (800, 800));
        let timer = timer();
        let counted = run(job(&timer, Purpose::Time)).counted;
        assert_eq!(counted.means(1).collect::<Vec<_>>(), [items(100)]);
    }

    #[test]
    fn an_error_ends_the_batch() {
        let calls = Cell::new(0);
        let fail_late = async || {
            calls.set(calls.get() + 1);
            if calls.get() == 7 { Err("seven") } else { Ok(()) }
        };
        let check = |outcome: &Result<(), &str>| outcome.err().map(str::to_owned);
        let batch = finish(plain(job(&timer(), Purpose::Time), fail_late, check));
        assert_eq!(batch.err().as_deref(), Some("seven"));
        assert_eq!(calls.get(), 8);
    }
}
