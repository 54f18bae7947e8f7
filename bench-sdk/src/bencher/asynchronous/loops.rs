//! The loops that are timed where the benchmark is async. They differ from the plain ones in
//! nothing but the `.await`; a whole job is one future, so that entering and leaving the runtime is
//! never on the clock.

use std::hint::black_box;
use std::mem::{needs_drop, size_of};

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
    count: impl Fn(&I) -> f64,
    mut run: impl AsyncFnMut(AsyncChunk<'_, I>),
) -> Result<Batch, String> {
    let mut batch = Batch { had_inputs: true, ..Batch::default() };
    let mut filling = Filling::new(job, region_items(job, size_of::<I>()));
    let mut inputs = Vec::new();
    let mut left = job.iterations;
    while left > 0 {
        filling.begin(left);
        while filling.goes_on(inputs.len()) {
            let input = generate().await;
            batch.counted += count(&input);
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
