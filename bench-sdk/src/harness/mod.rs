//! The command line of a bench binary.

mod against;
mod arguments;
mod baseline;
mod baseline_arguments;
mod comparing;
#[cfg(feature = "cli")]
mod comparison_output;
mod comparison_shown;
mod environment;
mod execute;
mod exit;
mod explain;
mod front_end;
mod held;
#[cfg(feature = "load")]
mod load;
mod loaded;
mod loads;
mod noise;
mod outputs;
mod profiling;
mod progress;
#[cfg(feature = "cli")]
mod shared_outputs;
mod told;
mod usage;
mod values;

pub use execute::{Target, main, main_of_front_end};
pub use front_end::{FrontEnd, main_of, refuse, target_of_executable};
pub use held::HeldStdout;
pub use profiling::profile_reached;

#[cfg(feature = "cli")]
pub(crate) use against::{baseline_side, started_as_saved};
#[cfg(feature = "cli")]
pub(crate) use arguments::check_filters;
#[cfg(feature = "cli")]
pub(crate) use baseline::{find_baseline, plural, refused, saved_text, unknown_baseline};
#[cfg(feature = "cli")]
pub(crate) use baseline_arguments::baseline_name;
#[cfg(feature = "cli")]
pub(crate) use comparing::{Comparing, announce};
#[cfg(feature = "cli")]
pub(crate) use comparison_output::ComparisonOutput;
#[cfg(feature = "cli")]
pub(crate) use environment::{RUN_ID, Surroundings, called_from, results_dir};
#[cfg(feature = "cli")]
pub(crate) use exit::Exit;
#[cfg(feature = "cli")]
pub(crate) use load::{
    LoadArguments, configured_target, load_address, load_help, load_named, takes_load_value,
};
#[cfg(feature = "cli")]
pub(crate) use noise::known_noise;
#[cfg(feature = "cli")]
pub(crate) use outputs::{CRITERION_BASELINE, means_stdout, print, write_output, write_tree};
#[cfg(feature = "cli")]
pub(crate) use progress::write_progress;
#[cfg(feature = "cli")]
pub(crate) use shared_outputs::SharedOutputs;
pub(crate) use told::{tell, tell_line};
#[cfg(feature = "cli")]
pub(crate) use usage::{UsageError, is_option, shortened};
