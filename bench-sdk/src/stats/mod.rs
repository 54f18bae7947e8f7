//! Pure statistics: no I/O, no clock, seeded randomness only.
//!
//! No function returns NaN or infinity; too little data is `None`. Values that are not finite are
//! left out, except from a series, whose places in time they would shift: there they give `None`.

#![expect(
    unreachable_pub,
    reason = "written as a public layer, which the crate does not export yet"
)]

mod beta;
mod binomial;
#[cfg(feature = "cli")]
mod density;
mod detect;
mod e_bh;
mod evidence;
mod growth;
mod least_squares;
mod modes;
mod normal;
mod order;
mod rng;
mod scalability;
mod serial;
#[cfg(feature = "load")]
mod series;
mod spread;
pub mod student;
mod thinned;
mod trend;
mod warmup;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(crate) mod simulate;
#[cfg(test)]
mod simulate_scaling;

pub use binomial::chance_for;
#[cfg(feature = "cli")]
pub use binomial::clopper_pearson;
#[cfg(feature = "cli")]
pub use density::{MIN_VALUES as MIN_DENSITY_VALUES, density, is_skewed};
pub use detect::smallest_effect;
pub use e_bh::e_bh_bound;
pub use evidence::{Bound, log_mixed};
pub use growth::{GrowthFit, MIN_SIZES, fit_growth};
pub use least_squares::Point;
pub use modes::{Modes, bimodal};
pub use normal::quantile as normal_quantile;
pub use order::{
    Interval, anytime_interval, estimable, median, median_sorted, order_interval, quantile_sorted,
    sorted, values_needed,
};
pub use rng::Rng;
pub use scalability::{Bounded, MIN_LEVELS, fit_scalability};
pub use serial::lag_one;
#[cfg(feature = "load")]
pub use series::{Distribution, Metrics, Quantile, Series};
pub use spread::{excess_of_mean, mean, robust_sd, sample_sd};
pub use thinned::{rounded, thinned};
pub use trend::mann_kendall;
pub use warmup::Steadiness;
