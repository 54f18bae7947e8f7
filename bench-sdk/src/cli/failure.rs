//! Why a verb did not do what it was asked to.

use crate::harness::{Exit, UsageError, tell_line};

/// What was tried and what was found, what to do next, and what the process ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    exit: Exit,
    message: String,
    /// What is known besides, a line each.
    details: Vec<String>,
    help: Option<String>,
}

impl Failure {
    /// A result that could not be produced; the message is one of ours, with texts of others
    /// escaped already.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { exit: Exit::NotKept, message: message.into(), details: Vec::new(), help: None }
    }

    /// Something that the caller gave is wrong.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::new(message) }
    }

    /// Nothing to measure.
    pub(super) fn empty(message: impl Into<String>) -> Self {
        Self { exit: Exit::Empty, ..Self::new(message) }
    }

    /// Adds a line below the message.
    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    /// What to do about it.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Tells it on standard error, and gives what to end with.
    pub(super) fn tell(&self) -> Exit {
        tell_line!("{self}");
        self.exit
    }
}

impl From<UsageError> for Failure {
    fn from(error: UsageError) -> Self {
        let (message, details, help) = error.into_parts();
        Self { details, help, ..Self::usage(message) }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "error: {}", self.message)?;
        self.details.iter().try_for_each(|detail| write!(f, "\n  {detail}"))?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

/// Ends a verb: what it ended with, or its failure told.
pub(super) fn ended(result: Result<Exit, Failure>) -> Exit {
    result.unwrap_or_else(|failure| failure.tell())
}
