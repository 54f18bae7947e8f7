//! How options go together, and with the function they stand on.

mod annotated;
mod benchmark;
mod combination;
mod divan;
mod form;
mod function;
mod generics;
mod load;
mod load_threshold;
mod threshold;

#[cfg(test)]
mod tests;

pub(crate) use annotated::Annotated;
pub(crate) use benchmark::Benchmark;
pub(crate) use divan::DivanBenchmark;
pub(crate) use form::{Param, Passing};
pub(crate) use function::{Function, is_ignored};
pub(crate) use load::{Lent, LoadBenchmark};
