//! How options go together, and with the function they stand on.

mod benchmark;
mod combination;
mod divan;
mod form;
mod function;
mod generics;
mod threshold;

#[cfg(test)]
mod tests;

pub(crate) use benchmark::Benchmark;
pub(crate) use divan::DivanBenchmark;
pub(crate) use form::{Param, Passing};
pub(crate) use function::is_ignored;
