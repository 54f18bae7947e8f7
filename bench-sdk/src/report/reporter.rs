//! Whoever wants to follow a run.

use std::fmt;
use std::io;

use crate::record::Event;

/// Receives everything that happens in a run, in order.
///
/// ```
/// use bench_sdk::record::Event;
/// use bench_sdk::report::{ReportError, Reporter};
///
/// #[derive(Default)]
/// struct Failures(usize);
///
/// impl Reporter for Failures {
///     fn event(&mut self, event: &Event) -> Result<(), ReportError> {
///         if matches!(event, Event::CaseFailed { .. }) {
///             self.0 += 1;
///         }
///         Ok(())
///     }
/// }
/// ```
pub trait Reporter {
    /// Takes note of one event.
    ///
    /// # Errors
    /// Says that the report cannot go on; the reporter is given no further events.
    fn event(&mut self, event: &Event) -> Result<(), ReportError>;
}

impl<R: Reporter + ?Sized> Reporter for Box<R> {
    fn event(&mut self, event: &Event) -> Result<(), ReportError> {
        (**self).event(event)
    }
}

/// A reporter made of a closure, see [`from_fn`].
#[derive(Debug)]
pub struct FromFn<F>(F);

/// Makes a closure a reporter.
///
/// ```
/// use bench_sdk::record::Event;
/// use bench_sdk::report::{Reporter, from_fn};
///
/// let mut finished = 0;
/// let reporter = from_fn(|event| {
///     finished += usize::from(matches!(event, Event::CaseFinished { .. }));
/// });
/// # let _: &dyn Reporter = &reporter;
/// ```
pub fn from_fn<F: FnMut(&Event)>(follow: F) -> FromFn<F> {
    FromFn(follow)
}

impl<F: FnMut(&Event)> Reporter for FromFn<F> {
    fn event(&mut self, event: &Event) -> Result<(), ReportError> {
        (self.0)(event);
        Ok(())
    }
}

/// Why a report could not be made; reads as `writing failed: no space left on device`.
#[derive(Debug)]
pub struct ReportError {
    what: String,
    source: Option<io::Error>,
}

impl ReportError {
    /// An error in one's own words: a lower-case fragment without a full stop.
    ///
    /// ```
    /// use bench_sdk::report::ReportError;
    ///
    /// let error = ReportError::new("the dashboard refused the figures");
    /// assert_eq!(error.to_string(), "the dashboard refused the figures");
    /// ```
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), source: None }
    }
}

impl From<io::Error> for ReportError {
    fn from(source: io::Error) -> Self {
        Self { what: "writing failed".to_owned(), source: Some(source) }
    }
}

impl From<serde_json::Error> for ReportError {
    fn from(error: serde_json::Error) -> Self {
        Self { what: "encoding as JSON failed".to_owned(), source: Some(error.into()) }
    }
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ReportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
