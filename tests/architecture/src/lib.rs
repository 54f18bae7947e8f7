//! House rules as functions: sources in, breaches out.
//!
//! Each rule stands beside a test on a small bad sample, so that a rule that cannot fail is noticed.
//! `tests/architecture.rs` holds the real sources against all of them.

mod edges;
mod flatten;
mod layers;
mod shape;
mod source;
mod wording;

pub use edges::{clocks, files, surroundings, unsafe_code};
pub use layers::layers;
pub use shape::{crowded, module_files, too_long};
pub use source::{Breach, Source, Tree};
pub use wording::{panics, postponed, silent_allows};
