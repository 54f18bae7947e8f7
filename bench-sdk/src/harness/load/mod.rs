//! Load tests from the command line: of load benches in this executable, and of addresses.

mod arguments;
mod belonging;
mod bench;
mod carry_out;
mod http;
mod named;
mod outputs;
mod planned;
mod usage;

#[cfg(feature = "cli")]
pub(crate) use arguments::LoadArguments;
pub(super) use bench::{load_wanted, main_of_load};
#[cfg(feature = "cli")]
pub(crate) use http::load_address;
#[cfg(feature = "cli")]
pub(crate) use named::named as load_named;
#[cfg(feature = "cli")]
pub(crate) use planned::configured_target;
#[cfg(feature = "cli")]
pub(crate) use usage::{help as load_help, takes_load_value};
