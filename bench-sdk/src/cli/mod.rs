//! The verbs of `cargo hub-bench`, one file each.

mod baseline;
mod baseline_text;
mod build;
mod cargo;
mod cfg;
mod executable;
mod failure;
mod gate;
mod gate_arguments;
mod git;
mod main;
mod manifests;
mod metadata;
mod pairs;
mod rustflags;
mod sides;
mod verb;
mod worktree;

pub use main::main;
