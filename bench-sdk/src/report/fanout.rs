//! One run, several reporters.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Reporter;
use crate::record::Event;

/// Gives every event to each of its reporters.
///
/// A reporter that returns an error or panics is named in [`failures`](Self::failures) and gets
/// nothing more; the others still get everything.
///
/// ```
/// use bench_sdk::report::{Fanout, from_fn};
///
/// let mut reporters = Fanout::new();
/// reporters.add("log", Box::new(from_fn(|_event| ())));
/// assert!(reporters.failures().is_empty());
/// ```
#[derive(Default)]
pub struct Fanout {
    reporters: Vec<Member>,
}

struct Member {
    name: String,
    reporter: Box<dyn Reporter>,
    failure: Option<String>,
}

impl Fanout {
    /// Nobody listens yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reporter under the name its failure would be told with.
    pub fn add(&mut self, name: impl Into<String>, reporter: Box<dyn Reporter>) {
        self.reporters.push(Member { name: name.into(), reporter, failure: None });
    }

    /// Gives one event to all that still work.
    pub fn send(&mut self, event: &Event) {
        for member in self.reporters.iter_mut().filter(|member| member.failure.is_none()) {
            // A reporter that panicked is never called again, so no broken state is seen.
            let outcome = catch_unwind(AssertUnwindSafe(|| member.reporter.event(event)));
            member.failure = match outcome {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(payload) => Some(panic_words(payload.as_ref())),
            };
        }
    }

    /// `name: error` of each reporter that failed, in the order they were added.
    pub fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        for member in &self.reporters {
            if let Some(failure) = &member.failure {
                failures.push(format!("{}: {failure}", member.name));
            }
        }
        failures
    }
}

impl From<Vec<(String, Box<dyn Reporter>)>> for Fanout {
    fn from(reporters: Vec<(String, Box<dyn Reporter>)>) -> Self {
        let mut fanout = Self::new();
        for (name, reporter) in reporters {
            fanout.add(name, reporter);
        }
        fanout
    }
}

impl fmt::Debug for Fanout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.reporters.iter().map(|member| &member.name)).finish()
    }
}

fn panic_words(payload: &(dyn Any + Send)) -> String {
    let message = match payload.downcast_ref::<&str>() {
        Some(text) => Some(*text),
        None => payload.downcast_ref::<String>().map(String::as_str),
    };
    message.map_or_else(|| "panicked".to_owned(), |text| format!("panicked: {text}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "a reporter that panics is the point")]

    use std::cell::Cell;
    use std::io;
    use std::rc::Rc;

    use super::super::fixture::case_started;
    use super::super::{ReportError, from_fn};
    use super::*;

    struct FullDisk(Rc<Cell<u32>>);

    impl Reporter for FullDisk {
        fn event(&mut self, _event: &Event) -> Result<(), ReportError> {
            self.0.set(self.0.get() + 1);
            Err(io::Error::other("no space left").into())
        }
    }

    #[test]
    fn failing_reporters_are_named_once_and_left_alone() {
        let (calls, seen) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let counter = Rc::clone(&seen);
        let mut fanout = Fanout::from(vec![
            ("json".to_owned(), Box::new(FullDisk(Rc::clone(&calls))) as Box<dyn Reporter>),
            ("own".to_owned(), Box::new(from_fn(|_| panic!("lost {}", "it")))),
            ("log".to_owned(), Box::new(from_fn(move |_| counter.set(counter.get() + 1)))),
        ]);
        for _ in 0..3 {
            fanout.send(&case_started());
        }
        assert_eq!(
            fanout.failures(),
            ["json: writing failed: no space left", "own: panicked: lost it"]
        );
        assert_eq!((calls.get(), seen.get()), (1, 3));
    }
}
