//! From what is registered to what is measured, and how.

mod config;
mod depth;
mod dialect;
mod layers;
#[cfg(feature = "load")]
pub(crate) mod load;
mod nearest;
mod planning;
mod selection;

#[cfg(feature = "cli")]
pub(crate) use config::glob;
pub(crate) use config::{Configuration, SETTING_NAMES, set_by_name};
#[cfg(feature = "load")]
pub(crate) use depth::check_depth;
pub(crate) use layers::{Layer, explain, resolve};
pub(crate) use nearest::nearest;
pub(crate) use planning::{Plan, PlannedCase, PlanningError, SettingSources, plan, plan_case};
pub use selection::IdFilter;

pub(crate) use selection::{Ignored, Selection};
