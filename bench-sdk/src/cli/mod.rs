//! The verbs of `cargo hub-bench`, one file each.

mod build;
mod cargo;
mod cfg;
mod executable;
mod failure;
mod git;
mod main;
mod manifests;
mod metadata;
mod rustflags;
mod verb;
mod worktree;

pub use main::main;
