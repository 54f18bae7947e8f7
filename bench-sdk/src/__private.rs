//! What generated code may name. Not for people: it changes without notice.

pub use crate::__emit as emit;

#[cfg(feature = "bench")]
pub use on::*;

#[cfg(feature = "bench")]
mod on {
    pub use crate::bencher::*;
    #[cfg(feature = "cli")]
    pub use crate::cli::main as cargo_hub_bench;
    pub use crate::harness::{
        FrontEnd, HeldStdout, Target, main, main_of, main_of_front_end, profile_reached, refuse,
        target_of_executable,
    };
    pub use crate::load_bench::{IsMade, LoadBench, Made, MayFail, load_bench, nothing, shared};
    pub use crate::plan::IdFilter;
    pub use crate::record::Settings;
    pub use crate::registry::load_set;
    pub use crate::registry::set::{self, threads};
    pub use crate::registry::{
        CaseSet, Dialect, Entry, Group, GroupEntry, Label, LoadEntry, LoadOptions,
        LoadRegistration, ReachedPlace, Registration, Variant, one_line, single, unique, with_args,
    };
    pub use crate::runner::{
        TestOutcome, awaited_case, run_as_test, run_load_as_test, serve_reached_and_exit,
    };
    pub use bench_macros::{divan_bench, divan_bench_group};
    pub use inventory;
    pub use std::hint::black_box;
}
