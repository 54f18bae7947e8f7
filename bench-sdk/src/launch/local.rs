//! Launches without processes: an embedding application measures in its own.

use super::execute::Measurer;
use super::protocol::{Order, Outcome};
use super::{LaunchError, Launcher};
use crate::clock::TimerSpec;
use crate::registry::Catalog;

/// Measures in this process. Panics are contained; aborts, exits and hangs are not.
pub(crate) struct LocalLauncher<'c> {
    measurer: Measurer<'c>,
    stop: fn() -> bool,
}

impl<'c> LocalLauncher<'c> {
    /// `stop` is asked between cases.
    pub(crate) fn new(catalog: &'c Catalog, spec: TimerSpec, stop: fn() -> bool) -> Self {
        Self { measurer: Measurer::new(catalog, spec), stop }
    }
}

impl Launcher for LocalLauncher<'_> {
    fn measure(&mut self, order: Order) -> Result<Outcome, LaunchError> {
        if (self.stop)() {
            return Err(LaunchError::Interrupted);
        }
        Ok(self.measurer.measure(&order))
    }
}
