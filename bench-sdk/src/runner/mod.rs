//! Wires the layers together: one run from plan to record.

mod as_test;
mod contest;
#[cfg(test)]
mod contest_tests;
mod facade;
mod header;
mod judged;
#[cfg(feature = "load")]
mod load;
mod load_test;
mod paired;
mod session;
mod worker;

pub use as_test::{TestOutcome, run_as_test};
pub use facade::{RunError, Runner};
pub use load_test::run_load_as_test;
pub use worker::{awaited_case, serve_reached_and_exit, worker_entry};

pub(crate) use contest::PairedCase;
#[cfg(feature = "cli")]
pub(crate) use contest::Taken;
pub(crate) use header::{HeaderParts, clock_record, new_header};
#[cfg(feature = "load")]
pub(crate) use header::{fresh_seed, new_id};
#[cfg(feature = "load")]
pub(crate) use load::{LoadTest, measure, stress};
#[cfg(feature = "cli")]
pub(crate) use paired::PairedOutcome;
pub(crate) use paired::PairedSession;
pub(crate) use session::{Session, Stop, order};
pub(crate) use worker::{is_worker, serve_and_exit};
