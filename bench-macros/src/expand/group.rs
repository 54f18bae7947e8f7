//! Defaults for the benchmarks of a module.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Ident, Result, Token, Visibility, token};

use super::Private;
use super::settings::{ignore, optional_text, settings};
use crate::errors::Errors;
use crate::parse::GroupOptions;

/// Expands `group! { options }`.
pub(crate) fn group(options: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = GroupOptions::parse(options, &mut errors);
    match errors.finish() {
        Ok(()) => registration(&options),
        Err(error) => error.into_compile_error(),
    }
}

/// Expands `#[hub_bench_group(options)] mod m { .. }`.
pub(crate) fn hub_bench_group(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = GroupOptions::parse(options, &mut errors);
    let module = errors.take(syn::parse2::<Module>(item.clone()));
    match (errors.finish(), module) {
        (Ok(()), Some(module)) => module.with(registration(&options)),
        (Ok(()), None) => item,
        (Err(error), _) => [item, error.into_compile_error()].into_iter().collect(),
    }
}

/// A module with a body: what stands before the body, and the body.
struct Module(TokenStream, Group);

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut head = TokenStream::new();
        for attribute in input.call(Attribute::parse_outer)? {
            attribute.to_tokens(&mut head);
        }
        input.parse::<Visibility>()?.to_tokens(&mut head);
        if !input.peek(Token![mod]) {
            return Err(input
                .error("`#[hub_bench_group(..)]` goes on a module with a body, `mod m { .. }`"));
        }
        input.parse::<Token![mod]>()?.to_tokens(&mut head);
        input.parse::<Ident>()?.to_tokens(&mut head);
        if !input.peek(token::Brace) {
            let semicolon: TokenTree = input.parse()?;
            let message = "attributes on `mod m;` do not reach its file; write \
                           `bench_sdk::group! { .. }` inside the file instead";
            return Err(Error::new(semicolon.span(), message));
        }
        Ok(Self(head, input.parse()?))
    }
}

impl Module {
    fn with(self, addition: TokenStream) -> TokenStream {
        let Self(mut head, body) = self;
        let mut stream = body.stream();
        stream.extend(addition);
        let mut extended = Group::new(Delimiter::Brace, stream);
        extended.set_span(body.span());
        head.extend([TokenTree::Group(extended)]);
        head
    }
}

fn registration(options: &GroupOptions) -> TokenStream {
    let site = Span::mixed_site();
    let common = &options.common;
    let private = Private::of(common.root.as_ref());
    let name = optional_text(common.name.as_ref().map(|name| &name.value));
    let tags = &common.tags;
    let ignore = ignore(common.ignore.as_ref());
    let settings = settings(&private, &common.settings);
    quote_spanned!(site=>
        #private::emit! {
            const _: () = {
                static GROUP: #private::Group = #private::Group {
                    module_path: ::core::module_path!(),
                    name: #name,
                    tags: &[#(#tags),*],
                    ignore: #ignore,
                    settings: #settings,
                    threads: ::core::option::Option::None,
                    dialect: #private::Dialect::Hub,
                };
                #private::inventory::submit! { #private::GroupEntry(&GROUP) }
            };
        }
    )
}
