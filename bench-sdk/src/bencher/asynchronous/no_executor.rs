//! What stands in for the runtime without the feature `tokio`: none can be started, and the case
//! says why.

use std::convert::Infallible;
use std::marker::PhantomData;

use super::AsyncRuntime;

/// A runtime; there is none.
pub(super) enum Executor {}

/// That the thread counts as one of a runtime's; none does.
pub struct Entered<'a>(Infallible, PhantomData<&'a ()>);

impl Executor {
    pub(super) fn start(_choice: AsyncRuntime) -> Result<Self, String> {
        Err("async benchmarks need the feature `tokio` of bench-sdk; in Cargo.toml: \
             bench = [\"bench-sdk/bench\", \"bench-sdk/tokio\"] under [features]"
            .to_owned())
    }

    pub(super) fn block_on<F: Future>(&self, _future: F) -> Result<F::Output, String> {
        match *self {}
    }

    pub(super) fn enter(&self) -> Entered<'_> {
        match *self {}
    }

    pub(super) fn has_workers(&self) -> bool {
        match *self {}
    }

    pub(super) fn is_foreign(&self) -> bool {
        match *self {}
    }
}

/// Calls the function: no thread belongs to a runtime.
#[expect(clippy::unnecessary_wraps, reason = "with a runtime it may need a thread")]
pub(crate) fn outside_runtimes<R>(function: impl FnOnce() -> R) -> std::io::Result<R> {
    Ok(function())
}
