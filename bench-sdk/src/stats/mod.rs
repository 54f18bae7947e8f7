//! Pure statistics: no I/O, no clock, seeded randomness only.
//!
//! No function returns NaN or infinity; too little data is `None`. Values that are not finite are
//! left out, except from a series, whose places in time they would shift: there they give `None`.

#![expect(
    unreachable_pub,
    reason = "written as a public layer, which the crate does not export yet"
)]

#[allow(dead_code, unused_imports, reason = "evidence of signs uses the other half")]
mod beta;
mod detect;
mod evidence;
mod growth;
mod least_squares;
mod modes;
mod normal;
mod order;
mod rng;
mod scalability;
mod spread;
pub mod student;
mod trend;
mod warmup;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod simulate_scaling;

pub use detect::smallest_effect;
pub use growth::{GrowthFit, MIN_SIZES, fit_growth};
pub use least_squares::Point;
pub use modes::bimodal;
pub use order::{
    Interval, anytime_interval, estimable, median, order_interval, quantile_sorted, sorted,
    values_needed,
};
pub use rng::Rng;
pub use scalability::{Bounded, MIN_LEVELS, fit_scalability};
pub use spread::{excess_of_mean, mean};
pub use trend::mann_kendall;
pub use warmup::Steadiness;
