//! What a load test counts and times: sums, shares, last values and distributions.

mod distribution;
mod metric;

pub use distribution::{Distribution, Quantile};
pub use metric::{Metrics, Series};
