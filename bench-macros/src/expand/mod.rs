//! From checked benchmarks to the code that registers and runs them.
//!
//! Generated names are hygienic (`mixed_site`), so nothing of the user's is shadowed or captured,
//! and generated paths begin at `__private` of the runtime.

mod bench_only;
mod body;
mod call;
mod cases;
mod group;
mod label;
mod registration;
mod settings;
mod variants;

#[cfg(test)]
mod tests;

pub(crate) use bench_only::bench_only;
pub(crate) use group::{group, hub_bench_group};

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Path;

use crate::check::Benchmark;

/// Expands `#[hub_bench(options)] item`.
pub(crate) fn hub_bench(options: TokenStream, item: &TokenStream) -> TokenStream {
    match Benchmark::parse(options, item.clone()) {
        Ok(benchmark) => {
            let registration = registration::registration(&benchmark);
            let kept = kept(item);
            quote_spanned!(Span::mixed_site()=> #kept #registration)
        }
        // The function stays, so that its other uses do not fail as well.
        Err(error) => [kept(item), error.into_compile_error()].into_iter().collect(),
    }
}

/// The annotated function; only its benchmark may call it, and that is no reason for a warning.
fn kept(item: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=>
        #[allow(dead_code, reason = "only benchmarks may call it")]
        #item
    )
}

/// The path to what generated code may use.
pub(super) struct Private(TokenStream);

impl Private {
    fn of(root: Option<&Path>) -> Self {
        let site = Span::mixed_site();
        let root = root.map_or_else(|| quote_spanned!(site=> ::bench_sdk), Path::to_token_stream);
        Self(quote_spanned!(site=> #root::__private))
    }
}

impl ToTokens for Private {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.clone());
    }
}
