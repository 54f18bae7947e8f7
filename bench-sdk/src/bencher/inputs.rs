//! Benchmarks with inputs: made off the clock, used on it.

use std::mem::size_of;

use super::amounts::Amounts;
use super::bench::Bencher;
use super::body::{Batch, Job, Purpose, Solo};
use super::loops::{Chunk, region_items};
use super::probe::NoCheck;
use crate::clock::Stopwatch;
use crate::record::Counter;

/// Making the inputs of one timed region should not take longer; this bounds the memory they use
/// together, which nothing else tells.
const REGION_GENERATION_NS: f64 = 1e6;

/// Runs the job in regions: makes inputs, lends them to the benchmark, drops what is left of them.
pub(super) fn generate_and_run<I>(
    job: Job<'_>,
    mut generate: impl FnMut() -> I,
    count: impl Fn(&I, &mut Amounts),
    mut run: impl FnMut(Chunk<'_, I>),
) -> Result<Batch, String> {
    let mut batch = Batch { had_inputs: true, ..Batch::default() };
    let mut filling = Filling::new(job, size_of::<I>());
    let mut inputs = Vec::new();
    let mut left = job.iterations;
    let mut gate = job.gate;
    while left > 0 {
        filling.begin(left);
        while filling.goes_on(inputs.len()) {
            let input = generate();
            count(&input, &mut batch.counted);
            inputs.push(input);
        }
        left -= inputs.len() as u64;
        if let Some(gate) = gate.take() {
            gate.wait()?;
        }
        let mut error = None;
        run(Chunk { inputs: &mut inputs, job, batch: &mut batch, error: &mut error });
        if let Some(error) = error {
            return Err(error);
        }
        inputs.clear();
    }
    Ok(batch)
}

/// Decides how many inputs the regions of a job get.
pub(super) struct Filling {
    limit: u64,
    wanted: u64,
    making: Stopwatch,
    /// Whether the time that it takes matters.
    timed: bool,
}

impl Filling {
    /// For inputs of that size.
    pub(super) fn new(job: Job<'_>, bytes_each: usize) -> Self {
        Self {
            limit: region_items(job, bytes_each) as u64,
            wanted: 0,
            making: Stopwatch::start(),
            timed: !matches!(job.purpose, Purpose::Instructions),
        }
    }

    /// The next region begins to be filled, with so many iterations left.
    pub(super) fn begin(&mut self, left: u64) {
        self.wanted = left.min(self.limit);
        self.making = Stopwatch::start();
    }

    /// Whether one more is to be made when there are so many.
    pub(super) fn goes_on(&mut self, made: usize) -> bool {
        // Asked at powers of two, so that cheap inputs are not slowed by the question.
        if made.is_power_of_two() && self.timed && self.making.elapsed_ns() > REGION_GENERATION_NS {
            self.limit = made as u64;
            return false;
        }
        (made as u64) < self.wanted
    }
}

/// A [`Bencher`] that makes a fresh input for every iteration; see [`Bencher::with_inputs`].
#[must_use = "call `bench_values` or `bench_refs` to measure something"]
pub struct InputBencher<'a, G, N = Uncounted> {
    pub(super) bencher: Bencher<'a>,
    pub(super) generate: G,
    pub(super) count: N,
}

/// How an input is counted: a type, so that "not at all" costs nothing.
#[doc(hidden)]
pub trait CountInput<I> {
    /// Adds what that input counts for.
    fn count(&self, input: &I, amounts: &mut Amounts);
}

/// Inputs are not counted.
#[doc(hidden)]
pub struct Uncounted;

impl<I> CountInput<I> for Uncounted {
    fn count(&self, _input: &I, _amounts: &mut Amounts) {}
}

/// Counts inputs by a function of the user.
#[doc(hidden)]
pub struct ByFunction<F>(pub(super) F);

impl<I, C: Into<Counter>, F: Fn(&I) -> C> CountInput<I> for ByFunction<F> {
    fn count(&self, input: &I, amounts: &mut Amounts) {
        amounts.add((self.0)(input).into());
    }
}

impl<'a, G> InputBencher<'a, G> {
    pub(super) fn new(bencher: Bencher<'a>, generate: G) -> Self {
        Self { bencher, generate, count: Uncounted }
    }

    /// Counts what every input stands for, such as its bytes; the throughput shown is the mean.
    pub fn input_counter<I, C, F>(self, count: F) -> InputBencher<'a, G, ByFunction<F>>
    where
        G: Fn() -> I,
        C: Into<Counter>,
        F: Fn(&I) -> C,
    {
        self.counted_by(ByFunction(count))
    }

    /// Counts inputs in a way of one's own, for front-ends.
    #[doc(hidden)]
    pub fn counted_by<N>(self, count: N) -> InputBencher<'a, G, N> {
        let Self { bencher, generate, .. } = self;
        InputBencher { bencher, generate, count }
    }
}

impl<G, N> InputBencher<'_, G, N> {
    /// Says what one iteration processes; see [`Bencher::counter`].
    pub fn counter(self, counter: impl Into<Counter>) -> Self {
        Self { bencher: self.bencher.counter(counter), ..self }
    }

    /// Measures a function that takes its input by value, on as many threads as the case asks for.
    pub fn bench_values<I, O>(self, function: impl Fn(I) -> O + Sync)
    where
        G: Fn() -> I + Sync,
        N: CountInput<I> + Sync,
    {
        let Self { bencher, generate, count } = self;
        let work = |job: Job<'_>| {
            generate_and_run(
                job,
                &generate,
                |input, amounts| count.count(input, amounts),
                |chunk| {
                    chunk.map_values(&function, |_| NoCheck);
                },
            )
        };
        bencher.measure_shared(work);
    }

    /// Measures a function that takes its input by mutable reference; the input is dropped off the
    /// clock.
    pub fn bench_refs<I, O>(self, function: impl Fn(&mut I) -> O + Sync)
    where
        G: Fn() -> I + Sync,
        N: CountInput<I> + Sync,
    {
        let Self { bencher, generate, count } = self;
        let work = |job: Job<'_>| {
            generate_and_run(
                job,
                &generate,
                |input, amounts| count.count(input, amounts),
                |chunk| {
                    chunk.map_refs(&function, |_| NoCheck);
                },
            )
        };
        bencher.measure_shared(work);
    }

    /// [`bench_values`](Self::bench_values) for functions that stay on one thread.
    pub fn bench_local_values<I, O>(self, mut function: impl FnMut(I) -> O)
    where
        G: FnMut() -> I,
        N: CountInput<I>,
    {
        let Self { bencher, mut generate, count } = self;
        let work = |job: Job<'_>| {
            generate_and_run(
                job,
                &mut generate,
                |input, amounts| count.count(input, amounts),
                |chunk| {
                    chunk.map_values(&mut function, |_| NoCheck);
                },
            )
        };
        bencher.measure_local(&mut Solo(work));
    }

    /// [`bench_refs`](Self::bench_refs) for functions that stay on one thread.
    pub fn bench_local_refs<I, O>(self, mut function: impl FnMut(&mut I) -> O)
    where
        G: FnMut() -> I,
        N: CountInput<I>,
    {
        let Self { bencher, mut generate, count } = self;
        let work = |job: Job<'_>| {
            generate_and_run(
                job,
                &mut generate,
                |input, amounts| count.count(input, amounts),
                |chunk| {
                    chunk.map_refs(&mut function, |_| NoCheck);
                },
            )
        };
        bencher.measure_local(&mut Solo(work));
    }
}
