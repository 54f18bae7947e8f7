//! The static that describes a benchmark, its entry in the registry and its test.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::Private;
use super::settings::ignore_attribute;
use crate::check::Function;
use crate::parse::Ignore;

/// What the items next to an annotated function are made of.
pub(super) struct Parts<'a> {
    pub(super) function: &'a Function,
    pub(super) ignore: Option<&'a Ignore>,
    pub(super) private: &'a Private,
    pub(super) names: Names,
    /// The value of the static.
    pub(super) description: TokenStream,
}

/// The runtime's names for this kind of benchmark.
pub(super) struct Names {
    /// The type of the static.
    pub(super) of: &'static str,
    /// What takes it into the registry.
    pub(super) entry: &'static str,
    /// What runs it as a test.
    pub(super) run: &'static str,
}

impl Parts<'_> {
    /// The items.
    pub(super) fn items(&self) -> TokenStream {
        let site = Span::mixed_site();
        let Self { private, description, .. } = self;
        let function = self.function.name();
        let described = Ident::new(&format!("__HUB_BENCH_{function}"), site);
        let test = Ident::new(&format!("hub_bench_{function}"), site);
        let conditions = &self.function.conditions;
        let deprecated = self.function.deprecated.then(
            || quote_spanned!(site=> #[allow(deprecated, reason = "measuring is no new use")]),
        );
        let ignored = ignore_attribute(self.ignore);
        let [of, entry, run] =
            [self.names.of, self.names.entry, self.names.run].map(|name| Ident::new(name, site));
        quote_spanned!(site=>
            #private::emit! {
                #(#conditions)*
                #deprecated
                #[doc(hidden)]
                static #described: #private::#of = #description;
                #(#conditions)*
                const _: () = { #private::inventory::submit! { #private::#entry(&#described) } };
                #(#conditions)*
                #[doc(hidden)]
                #[::core::prelude::v1::test]
                #ignored
                fn #test() -> #private::TestOutcome {
                    #private::#run(&#described)
                }
            }
        )
    }
}
