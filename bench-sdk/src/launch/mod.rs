//! Launches: processes that measure, and what is said between them and their parent.

mod capture;
mod error;
mod execute;
mod local;
mod offset;
mod parent;
mod protocol;
mod wire;
mod worker;

pub(crate) use error::LaunchError;
pub(crate) use local::LocalLauncher;
pub(crate) use parent::{ProcessLauncher, WORKER_VARIABLE};
pub(crate) use protocol::{Order, Outcome};
pub(crate) use worker::serve;

/// Something that measures launches.
pub(crate) trait Launcher {
    /// Measures one launch of one case; a broken case costs nothing but itself.
    fn measure(&mut self, order: Order) -> Result<Outcome, LaunchError>;
}
