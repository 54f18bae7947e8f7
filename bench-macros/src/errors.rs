//! Mistakes are gathered, so that one build shows all of them.

use std::fmt::Display;

use quote::ToTokens;
use syn::{Error, Result};

/// Every mistake found so far.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Adds a mistake at the tokens that are guilty of it.
    pub(crate) fn at(&mut self, guilty: impl ToTokens, message: impl Display) {
        self.push(Error::new_spanned(guilty, message));
    }

    /// Adds the mistake of a result, or passes its value on.
    pub(crate) fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Whether there are any.
    pub(crate) fn any(&self) -> bool {
        self.0.is_some()
    }

    /// All mistakes as one error, if there were any.
    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
