//! What generated code may name. Not for people: it changes without notice.

pub use crate::__emit as emit;

#[cfg(feature = "bench")]
pub use on::*;

#[cfg(feature = "bench")]
mod on {
    pub use crate::__with_tokio as with_tokio;
    pub use crate::bencher::probe::*;
    pub use crate::bencher::{
        Bencher, Chunk, finish, run_plain, run_plain_shared, run_refs, run_refs_shared, run_values,
        run_values_shared, setup, teardown,
    };
    pub use crate::harness::{Target, main};
    pub use crate::record::Settings;
    pub use crate::registry::set::{self, threads};
    pub use crate::registry::{
        CaseSet, Entry, Group, GroupEntry, Registration, Variant, single, with_args,
    };
    pub use crate::runner::{TestOutcome, run_as_test};
    pub use inventory;
    pub use std::hint::black_box;
}
