//! A benchmark that is measured, as a whole.

use proc_macro2::TokenStream;
use syn::Result;

use crate::errors::Errors;
use crate::hash::code_hash;
use crate::parse::BenchOptions;

use super::form::Form;
use super::function::Function;
use super::{combination, generics, threshold};

/// A benchmark that generated code can be written for.
pub(crate) struct Benchmark {
    /// The annotated function.
    pub(crate) function: Function,
    /// What it is annotated with.
    pub(crate) options: BenchOptions,
    /// What it is called with.
    pub(crate) form: Form,
    /// Fingerprint of the benchmark's own code.
    pub(crate) code_hash: u64,
}

impl Benchmark {
    /// Checks a function that is measured; the error has every mistake in it.
    pub(super) fn of(
        source: TokenStream,
        options: BenchOptions,
        function: Function,
        mut errors: Errors,
    ) -> Result<Self> {
        generics::check(&function.signature.generics, &options, &mut errors);
        let form = Form::of(&function.signature, &options, &mut errors);
        combination::check(&function.signature, &options, &form, &mut errors);
        threshold::check_all(&options.thresholds, &mut errors);
        errors.finish()?;
        let code_hash = fingerprint(source, &function, &form);
        Ok(Self { function, options, form, code_hash })
    }
}

/// Attribute and signature; the body as well where it is not the code under test.
fn fingerprint(options: TokenStream, function: &Function, form: &Form) -> u64 {
    let signature = quote::ToTokens::to_token_stream(&function.signature);
    let body = if form.bencher { function.body.clone() } else { TokenStream::new() };
    code_hash([options, signature, body])
}
