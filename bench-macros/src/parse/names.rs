//! The names of all options.

use proc_macro2::Ident;
use syn::Error;

use crate::suggest::nearest;

/// Options of benchmarks and groups alike.
pub(super) const COMMON: [&str; 4] = ["name", "tags", "ignore", "crate"];

/// Sampling and throughput, of benchmarks and groups alike.
pub(super) const SETTINGS: [&str; 15] = [
    "sample_count",
    "sample_size",
    "min_time",
    "max_time",
    "warmup",
    "timeout",
    "target_ci",
    "launches",
    "skip_ext_time",
    "counter",
    "counters",
    "items_count",
    "bytes_count",
    "chars_count",
    "cycles_count",
];

/// Options of a benchmark only.
pub(super) const BENCHMARK: [&str; 15] = [
    "group",
    "args",
    "inputs",
    "types",
    "consts",
    "threads",
    "setup",
    "teardown",
    "runtime",
    "workers",
    "thresholds",
    "complexity",
    "allow_err",
    "load",
    "vu_setup",
];

/// Options inside `load(..)`.
pub(super) const LOAD: [&str; 20] = [
    "executor",
    "vus",
    "duration",
    "stages",
    "iterations",
    "rate",
    "time_unit",
    "start_time",
    "start_vus",
    "start_rate",
    "graceful_stop",
    "graceful_ramp_down",
    "pre_allocated_vus",
    "max_vus",
    "max_duration",
    "thresholds",
    "env",
    "tags",
    "arrivals",
    "when_busy",
];

/// Options of `#[divan::bench(..)]` and `#[divan::bench_group(..)]` alike.
pub(super) const DIVAN: [&str; 15] = [
    "name",
    "crate",
    "ignore",
    "threads",
    "sample_count",
    "sample_size",
    "min_time",
    "max_time",
    "skip_ext_time",
    "counter",
    "counters",
    "items_count",
    "bytes_count",
    "chars_count",
    "cycles_count",
];

/// Options of `#[divan::bench(..)]` only.
pub(super) const DIVAN_BENCHMARK: [&str; 3] = ["args", "types", "consts"];

/// The error for a name that no option has.
pub(super) fn unknown(option: &Ident, known: &[&[&'static str]]) -> Error {
    let names = || known.iter().flat_map(|names| names.iter().copied());
    let typed = option.to_string();
    let message = if let Some(name) = nearest(&typed, names()) {
        format!("unknown option `{typed}`; did you mean `{name}`?")
    } else {
        let all: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        format!("unknown option `{typed}`; accepted: {}", all.join(", "))
    };
    Error::new(option.span(), message)
}
