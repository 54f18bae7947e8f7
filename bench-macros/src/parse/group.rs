//! Options of `#[hub_bench_group(..)]` and `group!`.

use proc_macro2::TokenStream;
use syn::Error;

use super::common::Common;
use super::entry::entries;
use super::names::{BENCHMARK, COMMON, SETTINGS, unknown};
use crate::errors::Errors;

/// What a group sets for the benchmarks in it.
pub(crate) struct GroupOptions {
    /// A group has nothing of its own.
    pub(crate) common: Common,
}

impl GroupOptions {
    /// Reads the options; mistakes are added to the errors.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut common = Common::default();
        for entry in entries(tokens, errors) {
            let Some(entry) = common.accept(entry, errors) else { continue };
            let option = entry.option;
            errors.push(if BENCHMARK.iter().any(|name| option == name) {
                let message = format!("`{option}` belongs on the benchmark, in `#[hub_bench(..)]`");
                Error::new(option.span(), message)
            } else {
                unknown(&option, &[&COMMON, &SETTINGS])
            });
        }
        common.finish(errors);
        Self { common }
    }
}

/// Reads the options of `#[bench_only]`, which has `crate` only.
pub(crate) fn root_only(tokens: TokenStream, errors: &mut Errors) -> Option<syn::Path> {
    let mut common = Common::default();
    for entry in entries(tokens, errors) {
        if entry.option == "crate" {
            common.accept(entry, errors);
        } else {
            errors.push(unknown(&entry.option, &[&["crate"]]));
        }
    }
    common.root
}
