//! `#[hub_bench]`.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::{load, registration};
use crate::check::Annotated;

/// Expands `#[hub_bench(options)] item`.
pub(crate) fn hub_bench(options: TokenStream, item: &TokenStream) -> TokenStream {
    let registration = Annotated::parse(options, item.clone()).map(|annotated| match annotated {
        Annotated::Measured(benchmark) => registration::registration(&benchmark),
        Annotated::Load(benchmark) => load::registration(&benchmark),
    });
    match registration {
        Ok(registration) => {
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
