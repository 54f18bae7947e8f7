//! A small orchestrator hub: it takes a job file end to end.
//!
//! ```text
//! lines -> tasks -> schedule -> infer what each needs -> auction among agents -> messages -> report
//! ```
//!
//! The parts are crates of their own, `hub-tasks`, `hub-neural`, `hub-swarm` and `hub-agents`; this
//! one links them. [`Orchestrator`] does the work, [`scenario`] has a team and a job to try it with.
#![forbid(unsafe_code)]

pub mod classifier;
pub mod error;
pub mod features;
pub mod job;
pub mod matching;
pub mod orchestrator;
pub mod report;
pub mod scenario;

mod benches;

pub use classifier::Classifier;
pub use error::HubError;
pub use job::{JobError, read_job};
pub use orchestrator::{Orchestrator, run_job};
pub use report::Report;
