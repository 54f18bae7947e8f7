//! The verbs of `cargo hub-bench`, one file each.

mod main;
mod verb;

pub use main::main;
