//! k6's `options`, as JSON or as the JavaScript literal.

mod duration;
mod fields;
mod literal;
mod options;
mod wishes;

#[cfg(test)]
mod tests;

pub(super) use duration::parse as parse_k6_duration;
pub(crate) use options::{K6Options, parse_options};
pub(crate) use wishes::HttpWishes;
