//! Why a launch, or a case of it, could not be.

use crate::bencher::Broken;

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
