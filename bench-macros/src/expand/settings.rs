//! What benchmarks and groups have in common: identity and settings.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;

use super::Private;
use crate::parse::{Ignore, Setting};

/// A function pointer that makes the settings.
pub(super) fn settings(private: &Private, settings: &[Setting]) -> TokenStream {
    let site = Span::mixed_site();
    if settings.is_empty() {
        return quote_spanned!(site=> || #private::Settings::default());
    }
    let calls = settings.iter().map(|Setting { setter, value }| {
        // At the value, where a wrong type is then shown.
        let at_value = site.located_at(syn::spanned::Spanned::span(value));
        let setter = proc_macro2::Ident::new(&setter.to_string(), site.located_at(setter.span()));
        quote_spanned!(at_value=> #private::set::#setter(&mut __settings, #value);)
    });
    quote_spanned!(site=> || {
        let mut __settings = #private::Settings::default();
        #(#calls)*
        __settings
    })
}

/// `Option<&'static str>`: why it is ignored.
pub(super) fn ignore(ignore: Option<&Ignore>) -> TokenStream {
    let site = Span::mixed_site();
    match ignore {
        None => quote_spanned!(site=> ::core::option::Option::None),
        Some(Ignore::Silently) => quote_spanned!(site=> ::core::option::Option::Some("")),
        Some(Ignore::Because(why)) => quote_spanned!(site=> ::core::option::Option::Some(#why)),
    }
}

/// The attribute that keeps the generated test of an ignored benchmark from running unasked.
pub(super) fn ignore_attribute(ignore: Option<&Ignore>) -> Option<TokenStream> {
    let site = Span::mixed_site();
    ignore.map(|ignore| match ignore {
        Ignore::Silently => quote_spanned!(site=> #[ignore]),
        Ignore::Because(why) => quote_spanned!(site=> #[ignore = #why]),
    })
}

/// `Option<&'static str>` of a string.
pub(super) fn optional_text(text: Option<&LitStr>) -> TokenStream {
    let site = Span::mixed_site();
    match text {
        None => quote_spanned!(site=> ::core::option::Option::None),
        Some(text) => quote_spanned!(site=> ::core::option::Option::Some(#text)),
    }
}
