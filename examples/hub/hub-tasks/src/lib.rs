//! Tasks of the hub: how they come in, in which order they run, and what running them means.
//!
//! - [`mod@ingest`]: CSV and JSON lines become checked tasks;
//! - [`queue`] and [`scheduler`]: the most urgent task first, but never before those it waits for;
//! - [`orphans`]: tasks that can never run, because one they wait for is missing;
//! - [`pipeline`] and [`text`]: what is done for each kind of task;
//! - [`workers`]: many tasks side by side.
#![forbid(unsafe_code)]

pub mod ingest;
pub mod orphans;
pub mod pipeline;
pub mod queue;
pub mod sample;
pub mod scheduler;
pub mod task;
pub mod text;
pub mod workers;

mod benches;

pub use ingest::{Ingestion, Rejection, ingest};
pub use orphans::{Split, split_orphans};
pub use pipeline::{Outcome, Output, ProcessError, process};
pub use queue::TaskQueue;
pub use scheduler::{ScheduleError, Scheduler, execution_order};
pub use task::{Task, TaskId, TaskKind};
pub use workers::{Finished, work_off};
