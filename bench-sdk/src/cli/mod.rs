//! The verbs of `cargo hub-bench`, one file each.

mod baseline;
mod baseline_text;
mod build;
mod calibrate;
mod calibration;
mod calibration_text;
mod cargo;
mod cfg;
mod compare;
mod diagnosis;
mod doctor;
mod drift;
mod executable;
mod failure;
mod gate;
mod gate_arguments;
mod gathered;
mod git;
mod kernels;
mod list;
mod main;
mod manifests;
mod merge;
mod metadata;
mod options;
mod pairs;
mod records;
mod report;
mod run;
mod rustflags;
mod shards;
mod sides;
mod tuned;
mod verb;
mod worktree;

pub use main::main;
