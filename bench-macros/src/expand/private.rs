//! Where generated code finds the runtime.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Path;

/// The path to what generated code may use.
pub(super) struct Private(TokenStream);

impl Private {
    pub(super) fn of(root: Option<&Path>) -> Self {
        let site = Span::mixed_site();
        let root = root.map_or_else(|| quote_spanned!(site=> ::bench_sdk), Path::to_token_stream);
        Self(quote_spanned!(site=> #root::__private))
    }

    /// The same path, for errors about what stands at that place.
    pub(super) fn at(&self, place: Span) -> Self {
        let mut tokens: Vec<TokenTree> = self.0.clone().into_iter().collect();
        for token in &mut tokens {
            token.set_span(token.span().located_at(place));
        }
        Self(tokens.into_iter().collect())
    }

    /// Of the front-end for benchmarks written for divan.
    pub(super) fn of_divan(root: Option<&Path>) -> Self {
        let site = Span::mixed_site();
        let root = root.map_or_else(|| quote_spanned!(site=> ::divan), Path::to_token_stream);
        Self(quote_spanned!(site=> #root::__private))
    }
}

impl ToTokens for Private {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.clone());
    }
}
