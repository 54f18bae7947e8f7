//! What generated code calls: each form of a benchmark as one function.

use super::bench::Bencher;
use super::body::{Batch, Job, Solo, Together};
use super::inputs::generate_and_run;
use super::loops::{Chunk, plain};
use super::probe::CheckOutcome;

/// Measures a function without inputs.
pub fn run_plain<O, C: CheckOutcome>(
    bencher: Bencher<'_>,
    mut function: impl FnMut() -> O,
    mut check: impl FnMut(&O) -> C,
) -> Result<(), String> {
    bencher.measure(&mut Solo(|job: Job<'_>| plain(job, &mut function, &mut check)));
    Ok(())
}

/// [`run_plain`] on several threads at once.
pub fn run_plain_shared<O, C: CheckOutcome>(
    bencher: Bencher<'_>,
    function: impl Fn() -> O + Sync,
    check: impl Fn(&O) -> C + Sync,
) -> Result<(), String> {
    let work = |job: Job<'_>| plain(job, &function, &check);
    bencher.measure_shared(work);
    Ok(())
}

/// Measures a function of fresh inputs, taken by value.
pub fn run_values<I, G: FnMut() -> I, B: FnMut(Chunk<'_, I>)>(
    bencher: Bencher<'_>,
    mut generate: G,
    mut batch: B,
) -> Result<(), String> {
    let work = |job: Job<'_>| generate_and_run(job, &mut generate, |_, _| (), &mut batch);
    bencher.measure(&mut Solo(work));
    Ok(())
}

/// [`run_values`] on several threads at once; every thread makes its own inputs.
pub fn run_values_shared<I, G: Fn() -> I + Sync, B: Fn(Chunk<'_, I>) + Sync>(
    bencher: Bencher<'_>,
    generate: G,
    batch: B,
) -> Result<(), String> {
    bencher.measure_shared(|job: Job<'_>| generate_and_run(job, &generate, |_, _| (), &batch));
    Ok(())
}

/// Measures a function of fresh inputs, taken by reference.
pub fn run_refs<I, G: FnMut() -> I, B: FnMut(Chunk<'_, I>)>(
    bencher: Bencher<'_>,
    generate: G,
    batch: B,
) -> Result<(), String> {
    run_values(bencher, generate, batch)
}

/// [`run_refs`] on several threads at once.
pub fn run_refs_shared<I, G: Fn() -> I + Sync, B: Fn(Chunk<'_, I>) + Sync>(
    bencher: Bencher<'_>,
    generate: G,
    batch: B,
) -> Result<(), String> {
    run_values_shared(bencher, generate, batch)
}

/// Turns what a benchmark function returned into its outcome.
pub fn finish(outcome: impl CheckOutcome) -> Result<(), String> {
    outcome.into_failure().map_or(Ok(()), Err)
}

impl Bencher<'_> {
    /// Measures on as many threads as the case asks for.
    pub(super) fn measure_shared(self, work: impl Fn(Job<'_>) -> Result<Batch, String> + Sync) {
        let threads = self.context.threads;
        if threads > 1 {
            self.measure(&mut Together { threads, work });
        } else {
            self.measure(&mut Solo(work));
        }
    }
}
