//! From what somebody wrote of a load test to its plan.

mod requests;

pub(crate) use requests::{RequestsFormat, parse_requests};
