//! `#[divan::bench_group]`: defaults for the benchmarks of an inline module.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Ident, Result, Token, Visibility, token};

use super::Private;
use super::divan::{dialect, threads};
use super::settings::settings;
use crate::check::is_ignored;
use crate::errors::Errors;
use crate::parse::DivanCommon;

/// Expands `#[divan::bench_group(options)] mod m { .. }`.
pub(crate) fn divan_bench_group(options: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let common = DivanCommon::parse_group(options, &mut errors);
    let module = errors.take(syn::parse2::<Module>(item.clone()));
    let added = match (errors.finish(), module) {
        (Ok(()), Some(module)) => module.registration(&common),
        (Ok(()), None) => TokenStream::new(),
        (Err(error), _) => error.into_compile_error(),
    };
    [item.clone(), added].into_iter().collect()
}

/// What is to be known of a module with a body.
struct Module {
    conditions: Vec<Attribute>,
    ignored: bool,
    name: Ident,
}

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        if !input.peek(Token![mod]) {
            let message = "`#[divan::bench_group]` goes on a module with a body, `mod m { .. }`";
            return Err(input.error(message));
        }
        input.parse::<Token![mod]>()?;
        let name: Ident = input.parse()?;
        if !input.peek(token::Brace) {
            let message = "attributes on `mod m;` do not reach its file; write the module's body \
                           here, or the options at its benchmarks";
            return Err(Error::new(input.span(), message));
        }
        input.parse::<TokenStream>()?;
        let ignored = is_ignored(&attributes);
        attributes.retain(|attribute| attribute.path().is_ident("cfg"));
        Ok(Self { conditions: attributes, ignored, name })
    }
}

impl Module {
    /// Beside the module, where the names in the options mean what they mean to their writer.
    fn registration(&self, common: &DivanCommon) -> TokenStream {
        let site = Span::mixed_site();
        let private = Private::of_divan(common.root.as_ref());
        let conditions = &self.conditions;
        let below = format!("::{}", self.name);
        let name = common.name.as_ref().map_or_else(
            || quote_spanned!(site=> ::core::option::Option::None),
            |name| quote_spanned!(site=> ::core::option::Option::Some(#name)),
        );
        let settings = settings(&private, &common.settings);
        let threads = threads(&private, common.threads.as_ref());
        let dialect = dialect(&private, common, self.ignored);
        quote_spanned!(site=>
            #private::emit! {
                #(#conditions)*
                const _: () = {
                    static GROUP: #private::Group = #private::Group {
                        module_path: ::core::concat!(::core::module_path!(), #below),
                        name: #name,
                        tags: &[],
                        ignore: ::core::option::Option::None,
                        settings: #settings,
                        threads: #threads,
                        dialect: #dialect,
                    };
                    #private::inventory::submit! { #private::GroupEntry(&GROUP) }
                };
            }
        )
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::divan_bench_group;

    fn expanded(options: proc_macro2::TokenStream, item: &proc_macro2::TokenStream) -> String {
        divan_bench_group(options, item).to_string().split_whitespace().collect()
    }

    #[test]
    fn a_group_is_registered_beside_its_module() {
        let text = expanded(quote!(name = N, threads), &quote! { #[cfg(unix)] pub mod m { } });
        assert!(text.starts_with("#[cfg(unix)]pubmodm{}::divan::__private::emit!"), "{text}");
        assert!(text.contains(r#"concat!(::core::module_path!(),"::m")"#), "{text}");
        assert!(text.contains("name:::core::option::Option::Some(N)"), "{text}");
        assert!(text.contains("thread_counts(true)"), "{text}");
        assert_eq!(text.matches("#[cfg(unix)]").count(), 2, "{text}");
    }

    #[test]
    fn misuses_are_told() {
        for (options, item, part) in [
            (quote!(), quote! { fn f() {} }, "goes on a module with a body"),
            (quote!(), quote! { mod m; }, "do not reach its file"),
            (quote!(args = [1]), quote! { mod m {} }, "belongs on the benchmark"),
        ] {
            let text = divan_bench_group(options, &item).to_string();
            assert!(text.contains(part) && text.starts_with(&item.to_string()), "{text}");
        }
    }
}
