//! A load bench behind a common face: the types of its states are known here and nowhere else.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use super::Vu;
use crate::bencher::CheckOutcome;

/// A future that stays on its thread.
pub(crate) type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A load bench whose `setup` has not run.
pub struct LoadBench(Arc<dyn Unprepared>);

/// A load bench between `setup` and `teardown`.
pub(crate) trait Prepared: Send + Sync {
    /// Makes what a virtual user has of its own.
    fn user(self: Arc<Self>, vu: Vu) -> LocalFuture<'static, Result<Box<dyn Iterate>, String>>;

    /// Takes back what `setup` made.
    fn finish(self: Arc<Self>) -> LocalFuture<'static, Result<(), String>>;
}

/// A virtual user, with what it has of its own.
pub(crate) trait Iterate {
    /// Calls the function once; an error is what it returned.
    fn iterate(&mut self, vu: Vu) -> LocalFuture<'_, Result<(), String>>;
}

trait Unprepared: Send + Sync {
    fn prepare(self: Arc<Self>) -> LocalFuture<'static, Result<Arc<dyn Prepared>, String>>;
}

/// The functions, and the types that they share: the state of all, that of one, and what an
/// iteration and `teardown` are asked for.
struct Functions<A, B, C, D, Types> {
    setup: A,
    user: B,
    iterate: C,
    teardown: D,
    types: PhantomData<fn() -> Types>,
}

struct Ready<F, S> {
    functions: Arc<F>,
    state: S,
}

struct One<R, T> {
    ready: Arc<R>,
    own: T,
}

/// A load bench of four functions: what makes the state, what makes that of a virtual user, an
/// iteration, and what takes the state back.
pub fn load_bench<A, B, C, D, S, T, I, L>(setup: A, user: B, iterate: C, teardown: D) -> LoadBench
where
    A: AsyncFn() -> Result<S, String> + Send + Sync + 'static,
    B: AsyncFn(&Vu, &S) -> Result<T, String> + Send + Sync + 'static,
    C: AsyncFn(Vu, &S, &mut T) -> I + Send + Sync + 'static,
    D: AsyncFn(S) -> L + Send + Sync + 'static,
    S: Send + Sync + 'static,
    T: 'static,
    I: CheckOutcome + 'static,
    L: CheckOutcome + 'static,
{
    let types = PhantomData::<fn() -> (S, T, I, L)>;
    LoadBench(Arc::new(Functions { setup, user, iterate, teardown, types }))
}

impl LoadBench {
    /// Runs `setup`.
    pub(crate) fn prepare(self) -> LocalFuture<'static, Result<Arc<dyn Prepared>, String>> {
        self.0.prepare()
    }
}

impl<A, B, C, D, S, T, I, L> Unprepared for Functions<A, B, C, D, (S, T, I, L)>
where
    A: AsyncFn() -> Result<S, String> + Send + Sync + 'static,
    B: AsyncFn(&Vu, &S) -> Result<T, String> + Send + Sync + 'static,
    C: AsyncFn(Vu, &S, &mut T) -> I + Send + Sync + 'static,
    D: AsyncFn(S) -> L + Send + Sync + 'static,
    S: Send + Sync + 'static,
    T: 'static,
    I: CheckOutcome + 'static,
    L: CheckOutcome + 'static,
{
    fn prepare(self: Arc<Self>) -> LocalFuture<'static, Result<Arc<dyn Prepared>, String>> {
        Box::pin(async move {
            let state = (self.setup)().await?;
            let ready: Arc<dyn Prepared> = Arc::new(Ready { functions: self, state });
            Ok(ready)
        })
    }
}

impl<A, B, C, D, S, T, I, L> Prepared for Ready<Functions<A, B, C, D, (S, T, I, L)>, S>
where
    A: Send + Sync + 'static,
    B: AsyncFn(&Vu, &S) -> Result<T, String> + Send + Sync + 'static,
    C: AsyncFn(Vu, &S, &mut T) -> I + Send + Sync + 'static,
    D: AsyncFn(S) -> L + Send + Sync + 'static,
    S: Send + Sync + 'static,
    T: 'static,
    I: CheckOutcome + 'static,
    L: CheckOutcome + 'static,
{
    fn user(self: Arc<Self>, vu: Vu) -> LocalFuture<'static, Result<Box<dyn Iterate>, String>> {
        Box::pin(async move {
            let own = (self.functions.user)(&vu, &self.state).await?;
            let one: Box<dyn Iterate> = Box::new(One { ready: self, own });
            Ok(one)
        })
    }

    fn finish(self: Arc<Self>) -> LocalFuture<'static, Result<(), String>> {
        Box::pin(async move {
            let Some(Self { functions, state }) = Arc::into_inner(self) else {
                return Err("what `setup` made is still lent to a virtual user, so `teardown` \
                            did not run"
                    .to_owned());
            };
            (functions.teardown)(state).await.into_failure().map_or(Ok(()), Err)
        })
    }
}

impl<A, B, C, D, S, T, I, L> Iterate for One<Ready<Functions<A, B, C, D, (S, T, I, L)>, S>, T>
where
    C: AsyncFn(Vu, &S, &mut T) -> I,
    I: CheckOutcome,
{
    fn iterate(&mut self, vu: Vu) -> LocalFuture<'_, Result<(), String>> {
        Box::pin(async move {
            let Self { ready, own } = self;
            let outcome = (ready.functions.iterate)(vu, &ready.state, own).await;
            outcome.into_failure().map_or(Ok(()), Err)
        })
    }
}
