//! What people and tools see of a load test: pure functions of its record and of its ticks.

mod judged;
mod layout;
mod live;
mod metrics;
mod order;
mod outcome;
mod stated;
mod summary;
mod words;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod summary_tests;

pub(crate) use live::{live_line, live_lines};
pub(crate) use outcome::LoadOutcome;
pub use summary::render_load_summary;
