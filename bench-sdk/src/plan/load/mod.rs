//! From what somebody wrote of a load test to its plan.

mod limit;
mod pointed;
mod threshold;

#[cfg(test)]
mod threshold_tests;

pub(crate) use limit::is_bare;
pub(crate) use threshold::{parse_line, parse_option, parse_threshold};
