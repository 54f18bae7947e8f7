//! A benchmark as a whole: read, then checked.

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
    /// Reads and checks an annotated function; the error has every mistake in it.
    pub(crate) fn parse(options: TokenStream, item: TokenStream) -> Result<Self> {
        let mut errors = Errors::default();
        let source = options.clone();
        let options = BenchOptions::parse(options, &mut errors);
        let Some(function) = errors.take(Function::parse("hub_bench", item)) else {
            return Err(errors.finish().err().unwrap_or_else(unreported));
        };
        function.check(&mut errors);
        function.check_abi(&mut errors);
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

fn unreported() -> syn::Error {
    syn::Error::new(proc_macro2::Span::call_site(), "this benchmark cannot be read")
}
