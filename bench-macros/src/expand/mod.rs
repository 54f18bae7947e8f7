//! From checked benchmarks to the code that registers and runs them.
//!
//! Generated names are hygienic (`mixed_site`), so nothing of the user's is shadowed or captured,
//! and generated paths begin at `__private` of the runtime.

mod bench_only;
mod body;
mod call;
mod cases;
mod divan;
mod divan_cases;
mod divan_group;
mod group;
mod hub_bench;
mod label;
mod load;
mod load_functions;
mod parts;
mod private;
mod registration;
mod settings;
mod variants;

#[cfg(test)]
mod tests;

pub(crate) use bench_only::bench_only;
pub(crate) use divan::divan_bench;
pub(crate) use divan_group::divan_bench_group;
pub(crate) use group::{group, hub_bench_group};
pub(crate) use hub_bench::hub_bench;

use private::Private;
