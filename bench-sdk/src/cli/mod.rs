//! The verbs of `cargo hub-bench`, one file each.

mod build;
mod cargo;
#[allow(dead_code, reason = "for `gate`, which builds other revisions")]
mod cfg;
mod diagnosis;
mod doctor;
mod drift;
mod executable;
mod failure;
#[allow(dead_code, reason = "for `gate`, which builds other revisions")]
mod git;
mod list;
mod main;
#[allow(dead_code, reason = "for `gate`, which builds other revisions")]
mod manifests;
mod merge;
mod metadata;
mod options;
mod run;
#[allow(dead_code, reason = "for `gate`, which builds other revisions")]
mod rustflags;
mod shards;
mod tuned;
mod verb;
#[allow(dead_code, reason = "for `gate`, which builds other revisions")]
mod worktree;

pub use main::main;
