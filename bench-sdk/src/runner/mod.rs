//! Wires the layers together: one run from plan to record.

mod as_test;
mod facade;
mod header;
mod session;
mod worker;

pub use as_test::{TestOutcome, run_as_test};
pub use facade::{RunError, Runner};
pub use worker::worker_entry;

pub(crate) use header::{HeaderParts, clock_record, new_header};
pub(crate) use session::{Session, Stop};
pub(crate) use worker::{is_worker, serve_and_exit};
