//! What stands in for load benches without the feature `load`: they compile, and do not run.

use super::Vu;
use crate::bencher::CheckOutcome;

/// A load bench; without the feature there is nothing to run it with.
pub struct LoadBench;

/// Takes the functions of a load bench, so that they are compiled.
pub fn load_bench<S, T, I, L>(
    setup: impl AsyncFn() -> Result<S, String> + Send + Sync + 'static,
    user: impl AsyncFn(&Vu, &S) -> Result<T, String> + Send + Sync + 'static,
    iterate: impl AsyncFn(Vu, &S, &mut T) -> I + Send + Sync + 'static,
    teardown: impl AsyncFn(S) -> L + Send + Sync + 'static,
) -> LoadBench
where
    S: Send + Sync + 'static,
    T: 'static,
    I: CheckOutcome + 'static,
    L: CheckOutcome + 'static,
{
    drop((setup, user, iterate, teardown));
    LoadBench
}
