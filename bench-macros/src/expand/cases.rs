//! The cases of one instance: one, or one for each argument.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Type};

use super::Private;
use super::body::body;
use super::variants::{Variant, mentions};
use crate::check::Benchmark;
use crate::parse::peel;

/// An expression of type `Box<dyn CaseSet>`.
pub(super) fn cases(
    benchmark: &Benchmark,
    variant: &Variant<'_>,
    private: &Private,
) -> TokenStream {
    let site = Span::mixed_site();
    let aliases = &variant.aliases;
    let body = body(benchmark, variant, private);
    let cases = match &benchmark.options.args {
        None => quote_spanned!(site=> #private::single(
            |__bencher: #private::Bencher<'_>|
                -> ::core::result::Result<(), ::std::string::String> { #body }
        )),
        Some(args) => {
            let items = items(benchmark, variant, private, &args.value);
            let labels = labels(private);
            quote_spanned!(site=>
                #items
                #labels
                #private::with_args(
                    __items,
                    __labels,
                    |__bencher: #private::Bencher<'_>, __arg|
                        -> ::core::result::Result<(), ::std::string::String> { #body },
                )
            )
        }
    };
    quote_spanned!(site=> { #(#aliases)* #cases })
}

/// `let __items: Vec<..> = ..;` of a type that follows from the parameter, where that is certain,
/// else from the values.
fn items(
    benchmark: &Benchmark,
    variant: &Variant<'_>,
    private: &Private,
    args: &Expr,
) -> TokenStream {
    let site = Span::mixed_site();
    let at_args = site.located_at(args.span());
    if benchmark.options.inputs.is_some() {
        return quote_spanned!(at_args=> let __items = {
            use #private::CollectValues as _;
            (&&#private::ArgValues::new(#args)).collect()
        };);
    }
    let items = match (item_type(benchmark, variant), peel(args)) {
        (None, _) => quote_spanned!(at_args=>
            ::core::iter::Iterator::collect::<::std::vec::Vec<_>>(
                ::core::iter::IntoIterator::into_iter(#args),
            )
        ),
        // So that every element knows what it should be.
        (Some(ty), Expr::Array(array)) => {
            let count = array.elems.len();
            quote_spanned!(at_args=>
                <::std::vec::Vec<#ty> as ::core::convert::From<[#ty; #count]>>::from(#args)
            )
        }
        (Some(ty), _) => quote_spanned!(at_args=> #private::collect_args::<#ty, _>(#args)),
    };
    quote_spanned!(site=> let __items = #items;)
}

/// The type of the parameter, if it is owned and means the same outside of the function.
fn item_type<'a>(benchmark: &'a Benchmark, variant: &Variant<'_>) -> Option<&'a Type> {
    let param = benchmark.form.params.first()?;
    let tokens = param.ty.to_token_stream();
    let lifetimes =
        benchmark.function.signature.generics.lifetimes().map(|param| &param.lifetime.ident);
    let opaque = syn::Ident::new("impl", Span::call_site());
    let nameable = !param.passing.is_borrowed()
        && !mentions(&tokens, &opaque)
        && !variant.unnamed.iter().any(|name| mentions(&tokens, name))
        && !lifetimes.into_iter().any(|name| mentions(&tokens, name));
    nameable.then_some(&param.ty)
}

fn labels(private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    quote_spanned!(site=>
        let __labels = ::core::iter::Iterator::collect(::core::iter::Iterator::map(
            __items.iter(),
            |__item| {
                use #private::{LabelDebug as _, LabelDisplay as _, LabelIndex as _};
                (&&&#private::ArgLabel(__item)).label()
            },
        ));
    )
}
