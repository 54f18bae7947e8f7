//! `cargo hub-bench init`: makes a crate ready for benches.

mod changes;
mod manifest;
mod verb;

pub(super) use verb::run;
