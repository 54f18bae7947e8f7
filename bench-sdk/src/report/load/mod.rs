//! What people and tools see of a load test: pure functions of its record and of its ticks.

#[cfg(feature = "cli")]
mod beside;
mod csv;
mod format;
mod judged;
mod junit;
mod k6_summary;
mod layout;
mod live;
mod markdown;
mod metrics;
mod openmetrics;
mod order;
mod outcome;
mod screen;
mod search;
mod stated;
mod summary;
mod tracked;
mod words;

#[cfg(test)]
mod export_tests;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod summary_tests;

#[cfg(feature = "cli")]
pub(crate) use beside::render_load_comparison;
pub use format::{LoadFormat, render_load};
#[cfg(feature = "cli")]
pub(super) use judged::{Judged, judged};
pub(crate) use live::{live_line, live_lines};
pub(crate) use outcome::LoadOutcome;
pub(crate) use screen::LiveLoad;
#[cfg(feature = "cli")]
pub(super) use search::{course_words, window_words};
#[cfg(feature = "cli")]
pub(super) use stated::law_words;
pub use summary::render_load_summary;
#[cfg(feature = "cli")]
pub(super) use words::{counted, kind_word, model_word, span};
