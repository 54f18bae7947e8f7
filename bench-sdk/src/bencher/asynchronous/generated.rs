//! What generated code calls: each async form of a benchmark as one function.

use std::rc::Rc;

use super::loops::{AsyncChunk, generate_and_run, plain};
use super::{AsyncRuntime, CaseRuntime};
use crate::bencher::bench::Bencher;
use crate::bencher::body::Job;
use crate::bencher::probe::CheckOutcome;

/// Has the case driven by that runtime.
pub fn on_runtime(bencher: Bencher<'_>, runtime: AsyncRuntime) -> Bencher<'_> {
    bencher.runtime(runtime)
}

/// The runtime of the case, to drive what comes before and after the benchmark.
pub fn runtime_of(bencher: &Bencher<'_>) -> Rc<CaseRuntime> {
    Rc::clone(&bencher.context.runtime)
}

/// Calls what makes the state of a benchmark, within the runtime if one runs.
pub fn setup<S>(runtime: &CaseRuntime, make: impl FnOnce() -> S) -> S {
    let _entered = runtime.entered();
    make()
}

/// The outcome, unless only taking back the state has failed.
pub fn teardown(outcome: Result<(), String>, taken_back: Result<(), String>) -> Result<(), String> {
    outcome.and(taken_back)
}

/// Measures an async function without inputs.
pub fn run_async_plain<O, C: CheckOutcome>(
    bencher: Bencher<'_>,
    mut function: impl AsyncFnMut() -> O,
    mut check: impl FnMut(&O) -> C,
) -> Result<(), String> {
    bencher.measure_async(async |job: Job<'_>| plain(job, &mut function, &mut check).await);
    Ok(())
}

/// Measures an async function of fresh inputs, taken by value.
pub fn run_async_values<I, G: AsyncFnMut() -> I, B: AsyncFnMut(AsyncChunk<'_, I>)>(
    bencher: Bencher<'_>,
    mut generate: G,
    mut batch: B,
) -> Result<(), String> {
    bencher.measure_async(async |job: Job<'_>| {
        generate_and_run(job, &mut generate, |_, _| (), &mut batch).await
    });
    Ok(())
}

/// Measures an async function of fresh inputs, taken by reference.
pub fn run_async_refs<I, G: AsyncFnMut() -> I, B: AsyncFnMut(AsyncChunk<'_, I>)>(
    bencher: Bencher<'_>,
    generate: G,
    batch: B,
) -> Result<(), String> {
    run_async_values(bencher, generate, batch)
}
