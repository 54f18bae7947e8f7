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

/// Something that measures one launch after the other.
pub(crate) trait Launcher {
    /// Begins launch `number`, counted from 1: later orders run in a fresh process where processes
    /// are used at all.
    fn begin(&mut self, number: u32) -> Result<(), LaunchError>;

    /// Measures one case; a broken case costs nothing but itself.
    fn measure(&mut self, order: Order) -> Result<Outcome, LaunchError>;
}
