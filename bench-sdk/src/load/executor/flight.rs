//! An iteration under way.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::load::recorder::Recorder;

/// Counts an iteration as under way; one that is dropped before it has landed was cut off.
pub(super) struct Flight<'a> {
    recorder: &'a Recorder,
    in_flight: &'a AtomicU64,
    open: bool,
    landed: bool,
}

impl<'a> Flight<'a> {
    pub(super) fn start(recorder: &'a Recorder, in_flight: &'a AtomicU64, open: bool) -> Self {
        in_flight.fetch_add(1, Ordering::Relaxed);
        Self { recorder, in_flight, open, landed: false }
    }

    /// It ran to its end.
    pub(super) fn land(mut self) {
        self.landed = true;
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        if !self.landed {
            self.recorder.interrupted(self.open);
        }
    }
}
