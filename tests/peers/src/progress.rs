//! Lines on standard error while a study goes on.

use std::time::Instant;

/// Counts steps, and says what each took.
#[derive(Debug)]
pub(crate) struct Progress {
    study: &'static str,
    started: Instant,
    steps: usize,
    done: usize,
}

impl Progress {
    pub(crate) fn new(study: &'static str, steps: usize) -> Self {
        Self { study, started: Instant::now(), steps, done: 0 }
    }

    /// Something outside of the count.
    pub(crate) fn note(&self, what: &str) {
        eprintln!("[{} {:>4.0} s] {what}", self.study, self.started.elapsed().as_secs_f64());
    }

    /// One step is done.
    pub(crate) fn step(&mut self, what: &str) {
        self.done += 1;
        self.note(&format!("{}/{} {what}", self.done, self.steps));
    }
}
