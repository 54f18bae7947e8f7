//! The handle that benchmark functions are given.

use super::body::{Batch, Body, Job, Solo};
use super::context::Context;
use super::inputs::InputBencher;
use super::loops::plain;
use super::probe::NoCheck;
use super::samples::Broken;
use super::sampling::measure;
use crate::record::Counter;

/// Runs and times the body of one case.
///
/// A benchmark that takes a `Bencher` decides itself what is set up before and what is timed:
///
/// ```
/// use bench_sdk::{Bencher, hub_bench};
///
/// #[hub_bench]
/// fn sort(bencher: Bencher) {
///     bencher
///         .with_inputs(|| vec![3, 1, 2])
///         .bench_refs(|numbers| numbers.sort_unstable());
/// }
/// # fn main() {}
/// ```
#[must_use = "call `bench` or another measuring method, or the benchmark fails"]
pub struct Bencher<'a> {
    pub(super) context: &'a mut Context,
}

impl<'a> Bencher<'a> {
    pub(crate) fn new(context: &'a mut Context) -> Self {
        Self { context }
    }

    /// Measures a function, on as many threads as the case asks for. What it returns is dropped
    /// off the clock.
    pub fn bench<O>(self, function: impl Fn() -> O + Sync) {
        self.measure_shared(|job: Job<'_>| plain(job, &function, |_| NoCheck));
    }

    /// [`bench`](Self::bench) for functions that change what they capture or stay on one thread.
    pub fn bench_local<O>(self, mut function: impl FnMut() -> O) {
        self.measure_local(&mut Solo(|job: Job<'_>| plain(job, &mut function, |_| NoCheck)));
    }

    /// Makes a fresh input for every iteration, off the clock.
    pub fn with_inputs<G>(self, generate: G) -> InputBencher<'a, G> {
        InputBencher::new(self, generate)
    }

    /// Says what one iteration processes; throughput is shown from it. A counter of the same kind
    /// given before is replaced.
    ///
    /// ```
    /// use bench_sdk::{Bencher, BytesCount, hub_bench};
    ///
    /// #[hub_bench]
    /// fn checksum(bencher: Bencher) {
    ///     let block = [7_u8; 4096];
    ///     bencher
    ///         .counter(BytesCount::of_slice(&block))
    ///         .bench(|| block.iter().fold(0_u32, |sum, byte| sum.wrapping_add(u32::from(*byte))));
    /// }
    /// # fn main() {}
    /// ```
    pub fn counter(self, counter: impl Into<Counter>) -> Self {
        let counter = counter.into();
        self.context.counters.retain(|other| other.kind != counter.kind);
        self.context.counters.push(counter);
        self
    }

    /// Measures on one thread, however many the case asks for: what the `local` methods of a
    /// front-end may mean.
    #[doc(hidden)]
    pub fn on_one_thread(self) -> Self {
        self.context.threads = 1;
        self
    }

    /// Measures a body that cannot leave its thread.
    pub(super) fn measure_local(
        self,
        body: &mut Solo<impl FnMut(Job<'_>) -> Result<Batch, String>>,
    ) {
        if self.context.threads > 1 {
            let message = "the `local` methods run on one thread, but the benchmark asks for \
                           several; use `bench`, `bench_values` or `bench_refs`";
            self.context.outcome = Some(Err(Broken::failed(message)));
        } else {
            self.measure(body);
        }
    }

    /// Measures a body; the samples stay in the context.
    pub(super) fn measure(self, body: &mut dyn Body) {
        let context = self.context;
        if context.outcome.is_some() {
            let message = "the benchmark measures twice; one `bench` call makes one case";
            context.outcome = Some(Err(Broken::failed(message)));
            return;
        }
        context.outcome = Some(measure(body, context).map_err(Broken::failed));
    }
}
