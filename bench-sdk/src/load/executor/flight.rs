//! An iteration under way.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::load::recorder::Recorder;

/// Counts an iteration as under way; one that is dropped before it has landed was cut off.
pub(super) struct Flight<'a> {
    recorder: &'a Recorder,
    under_way: &'a AtomicU64,
    open: bool,
    landed: bool,
}

impl<'a> Flight<'a> {
    pub(super) fn start(recorder: &'a Recorder, under_way: &'a AtomicU64, open: bool) -> Self {
        under_way.fetch_add(1, Ordering::Relaxed);
        Self { recorder, under_way, open, landed: false }
    }

    /// It ran to its end.
    pub(super) fn land(mut self) {
        self.landed = true;
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        if !self.landed {
            self.recorder.interrupted(self.open);
        }
    }
}
