//! The verbs of `cargo hub-bench`, one file each.

mod compare;
#[allow(dead_code, reason = "not every verb can find nothing to measure")]
mod failure;
mod main;
mod records;
mod verb;

pub use main::main;
