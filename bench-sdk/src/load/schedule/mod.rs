//! When iterations start, as pure functions of the scenario.

mod arrivals;
mod phases;
mod ramping_vus;

pub(crate) use arrivals::{ArrivalSchedule, Planned};
pub(crate) use phases::{phase_at, planned_between};
pub(crate) use ramping_vus::{Active, active_times, steps};
