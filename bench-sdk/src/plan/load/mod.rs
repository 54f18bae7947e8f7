//! From what somebody wrote of a load test to its plan.

mod bounds;
mod config;
mod k6;
mod layers;
mod limit;
mod pointed;
mod profiles;
mod requests;
mod scenario;
mod shape;
mod table;
mod threshold;

#[cfg(test)]
mod layers_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod threshold_tests;

pub(crate) use config::{LoadEntry, parse_entry};
pub(crate) use k6::{HttpWishes, K6Options, parse_options};
pub(crate) use layers::{LoadLayer, load_plan};
pub(crate) use limit::{MILLISECOND, is_bare};
pub(crate) use profiles::{Profile, ProfileOptions, Stress, profile_layer};
pub(crate) use requests::{RequestsFormat, parse_requests};
#[cfg(test)]
pub(crate) use threshold::parse_line;
pub(crate) use threshold::{fits, kind_words, parse_option};
