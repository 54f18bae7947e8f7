//! What benchmarks an executable holds.

mod case_set;
mod catalog;
mod dialect;
mod load;
pub mod load_set;
mod registration;
pub mod set;

pub use case_set::{CaseSet, Label, single, with_args};
pub use catalog::{Benchmark, ReachedPlace, one_line, unique};
pub use dialect::Dialect;
pub use load::{LoadEntry, LoadRegistration};
pub use load_set::LoadOptions;
pub use registration::{Entry, Group, GroupEntry, Registration, Variant};

pub(crate) use catalog::{CaseSource, Catalog, Entrant, Origin, crate_of};
pub(crate) use dialect::shown_modules;
pub(crate) use load::{LoadEntrant, load_benches, load_id};
