//! Launches: processes that measure, and what is said between them and their parent.

mod callgrind;
mod capture;
mod child;
mod error;
mod execute;
mod local;
mod offset;
mod pair;
mod pair_protocol;
mod pair_worker;
mod parent;
mod protocol;
mod wire;
mod worker;

pub(crate) use callgrind::find_callgrind;
pub(crate) use child::{CASE_VARIABLE, WORKER_VARIABLE};
pub(crate) use error::LaunchError;
pub(crate) use execute::measure_here;
pub(crate) use local::LocalLauncher;
pub(crate) use pair::{Block, Executable, PairError, PairLaunch, PairLauncher, PairPlan, Scouted};
pub(crate) use pair_protocol::PAIR_VARIABLE;
pub(crate) use pair_worker::{serve_pair, serve_pair_reached};
pub(crate) use parent::ProcessLauncher;
pub(crate) use protocol::{Order, Outcome};
pub(crate) use worker::{serve, serve_reached};

use crate::bencher::Broken;

/// Something that measures launches.
pub(crate) trait Launcher {
    /// Measures one launch of one case; a broken case costs nothing but itself.
    fn measure(&mut self, order: Order) -> Result<Outcome, LaunchError>;

    /// Counts the instructions of one case, in a launch of its own under Callgrind. What stands in
    /// the way is an outcome.
    fn count_instructions(&mut self, order: Order) -> Result<Outcome, LaunchError> {
        let _ = order;
        let message = "this run measures in its own process, and only workers run under Callgrind";
        Ok(Outcome::broken(Broken::failed(message)))
    }
}
