//! What can go wrong in a study, as a sentence.

use std::fmt;

/// The result of anything that can fail.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

/// Adds what was tried to an error.
pub(crate) trait Context<T> {
    /// The same, with `tried` in front of the error.
    fn context(self, tried: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, tried: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Failure(format!("{}: {error}", tried())))
    }
}

impl<T> Context<T> for Option<T> {
    fn context(self, tried: impl FnOnce() -> String) -> Result<T> {
        self.ok_or_else(|| Failure(tried()))
    }
}
