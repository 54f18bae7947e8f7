//! The verbs of `cargo hub-bench`, one file each.

mod baseline;
mod baseline_text;
mod main;
mod verb;

pub use main::main;
