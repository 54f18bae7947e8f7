//! An annotated function as a whole: read, then checked.

use proc_macro2::TokenStream;
use syn::Result;

use super::function::Function;
use super::{Benchmark, LoadBenchmark};
use crate::errors::Errors;
use crate::parse::BenchOptions;

/// What an annotated function is.
pub(crate) enum Annotated {
    /// It is measured by itself.
    Measured(Box<Benchmark>),
    /// Virtual users call it.
    Load(Box<LoadBenchmark>),
}

impl Annotated {
    /// Reads and checks an annotated function; the error has every mistake in it.
    pub(crate) fn parse(source: TokenStream, item: TokenStream) -> Result<Self> {
        let mut errors = Errors::default();
        let options = BenchOptions::parse(source.clone(), &mut errors);
        let Some(function) = errors.take(Function::parse("hub_bench", item)) else {
            return Err(errors.finish().err().unwrap_or_else(unreported));
        };
        function.check(&mut errors);
        function.check_abi(&mut errors);
        if options.load.is_some() {
            LoadBenchmark::of(source, options, function, errors).map(Box::new).map(Self::Load)
        } else {
            Benchmark::of(source, options, function, errors).map(Box::new).map(Self::Measured)
        }
    }
}

fn unreported() -> syn::Error {
    syn::Error::new(proc_macro2::Span::call_site(), "this benchmark cannot be read")
}
