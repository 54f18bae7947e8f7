//! Launches: processes that measure, and what is said between them and their parent.

mod capture;
mod execute;
mod local;
mod offset;
mod parent;
mod protocol;
mod worker;

pub(crate) use local::LocalLauncher;
pub(crate) use parent::{ProcessLauncher, WORKER_VARIABLE};
pub(crate) use protocol::{Order, Outcome};
pub(crate) use worker::serve;

use crate::bencher::Broken;

/// Something that measures one launch after the other.
pub(crate) trait Launcher {
    /// Begins launch `number`, counted from 1: later orders run in a fresh process where processes
    /// are used at all.
    fn begin(&mut self, number: u32) -> Result<(), LaunchError>;

    /// Measures one case; a broken case costs nothing but itself.
    fn measure(&mut self, order: Order) -> Result<Outcome, LaunchError>;
}

/// Why nothing can be measured at all.
#[derive(Debug)]
pub(crate) enum LaunchError {
    /// A worker could not be started.
    Start(std::io::Error),
    /// The user asked to stop.
    Interrupted,
}

impl std::fmt::Display for LaunchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start(error) => write!(f, "failed to start a worker process: {error}"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// The outcome of a case that is not in the worker's executable.
pub(super) fn missing(id: &str) -> Broken {
    Broken::failed(format!(
        "`{id}` does not exist in a fresh process: its arguments are not the same from one start \
         to the next; `args` must give the same values every time"
    ))
}
