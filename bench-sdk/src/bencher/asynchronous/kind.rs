//! Tells functions that return a future from those that return a value, as `probe` tells types
//! apart: by how many references a method call has to take off.

use std::future::Future;
use std::marker::PhantomData;

use super::CaseRuntime;

/// The type of what a function returned.
pub struct Kind<T>(PhantomData<fn(&T)>);

impl<T> Kind<T> {
    /// The type of that value.
    pub fn of(_value: &T) -> Self {
        Self(PhantomData)
    }
}

/// Futures are awaited.
pub trait IsFuture {
    /// How to get at the value.
    fn kind(&self) -> Awaited;
}

impl<F: Future> IsFuture for &Kind<F> {
    fn kind(&self) -> Awaited {
        Awaited
    }
}

/// Everything else is the value itself.
pub trait IsValue {
    /// How to get at the value.
    fn kind(&self) -> Ready;
}

impl<T> IsValue for Kind<T> {
    fn kind(&self) -> Ready {
        Ready
    }
}

/// The value is what the future resolves to.
pub struct Awaited;

impl Awaited {
    /// A future of the value.
    pub fn future<F: Future>(self, future: F) -> F {
        future
    }

    /// The value, awaited on the runtime of the case.
    pub fn value<F: Future>(self, future: F, runtime: &CaseRuntime) -> Result<F::Output, String> {
        runtime.drive(future)
    }
}

/// The value is there.
pub struct Ready;

impl Ready {
    /// A future of the value.
    pub fn future<T>(self, value: T) -> std::future::Ready<T> {
        std::future::ready(value)
    }

    /// The value; no runtime is needed.
    pub fn value<T>(self, value: T, _runtime: &CaseRuntime) -> Result<T, String> {
        Ok(value)
    }
}
