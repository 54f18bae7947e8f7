//! The cases of one instance of a benchmark written for divan.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, GenericParam, Type};

use super::Private;
use crate::check::DivanBenchmark;
use crate::parse::peel;

/// What stands in for the generic parameters.
pub(super) struct Instance<'a> {
    ty: Option<&'a Type>,
    constant: Option<TokenStream>,
    /// `::<A, { 4 }>`, or nothing.
    turbofish: TokenStream,
}

impl<'a> Instance<'a> {
    pub(super) fn new(
        benchmark: &DivanBenchmark,
        ty: Option<&'a Type>,
        constant: Option<TokenStream>,
    ) -> Self {
        let site = Span::mixed_site();
        let params = &benchmark.function.signature.generics.params;
        let filled: Vec<TokenStream> = params
            .iter()
            .filter_map(|param| match param {
                GenericParam::Type(_) => ty.map(ToTokens::to_token_stream),
                GenericParam::Const(_) => {
                    constant.as_ref().map(|value| quote_spanned!(site=> { #value }))
                }
                GenericParam::Lifetime(_) => None,
            })
            .collect();
        let turbofish = if filled.is_empty() {
            TokenStream::new()
        } else {
            quote_spanned!(site=> ::<#(#filled),*>)
        };
        Self { ty, constant, turbofish }
    }

    /// What tells this instance from the others: the type, then the constant, as divan has them.
    pub(super) fn labels(&self, private: &Private) -> Vec<TokenStream> {
        let site = Span::mixed_site();
        let ty = self.ty.map(|ty| quote_spanned!(site=> #private::type_label::<#ty>()));
        let value = self.constant.as_ref();
        let value = value.map(|value| quote_spanned!(site=> #private::const_label(&#value)));
        ty.into_iter().chain(value).collect()
    }
}

/// An expression of type `Box<dyn CaseSet>`.
pub(super) fn cases(
    benchmark: &DivanBenchmark,
    instance: &Instance<'_>,
    private: &Private,
) -> TokenStream {
    let site = Span::mixed_site();
    let body = body(benchmark, instance, private);
    let Some(args) = &benchmark.options.args else {
        return quote_spanned!(site=> #private::single(
            |__bencher: #private::Bencher<'_>|
                -> ::core::result::Result<(), ::std::string::String> { #body }
        ));
    };
    let items = items(benchmark, &args.value);
    quote_spanned!(site=> {
        #items
        let __labels = ::core::iter::Iterator::collect(::core::iter::Iterator::map(
            __items.iter(),
            |__item| {
                use #private::{LabelDebug as _, LabelDisplay as _, LabelIndex as _};
                (&&&#private::ArgLabel(__item)).label()
            },
        ));
        #private::with_args(
            __items,
            __labels,
            |__bencher: #private::Bencher<'_>, __arg|
                -> ::core::result::Result<(), ::std::string::String> { #body },
        )
    })
}

/// `let __items: Vec<_> = ..;` of whatever the values are; of none, of what the parameter is.
fn items(benchmark: &DivanBenchmark, args: &Expr) -> TokenStream {
    let at_args = Span::mixed_site().located_at(args.span());
    let is_empty = matches!(peel(args), Expr::Array(array) if array.elems.is_empty());
    if let Some(ty) = arg_type(benchmark).filter(|_| is_empty) {
        return quote_spanned!(at_args=> let __items = ::std::vec::Vec::<#ty>::new(););
    }
    quote_spanned!(at_args=>
        let __items = ::core::iter::Iterator::collect::<::std::vec::Vec<_>>(
            ::core::iter::IntoIterator::into_iter(#args),
        );
    )
}

/// An expression of type `Result<(), String>` over `__bencher` and, with `args`, `__arg`.
fn body(benchmark: &DivanBenchmark, instance: &Instance<'_>, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let function = benchmark.function.called();
    let turbofish = &instance.turbofish;
    let arg = arg_type(benchmark).map(|ty| {
        let at_type = site.located_at(ty.span());
        let private = private.at(ty.span());
        quote_spanned!(at_type=> #private::Arg::<#ty>::get(#private::black_box(__arg)))
    });
    let call = if benchmark.bencher {
        let values =
            std::iter::once(quote_spanned!(site=> #private::bencher(__bencher))).chain(arg);
        quote_spanned!(site=> #function #turbofish(#(#values),*))
    } else {
        let arg = arg.into_iter();
        quote_spanned!(site=> __bencher.bench(|| #function #turbofish(#(#arg),*)))
    };
    quote_spanned!(site=>
        #call;
        ::core::result::Result::Ok(())
    )
}

/// The type of the parameter of `args`; a lifetime of the function's own means nothing out here.
fn arg_type(benchmark: &DivanBenchmark) -> Option<TokenStream> {
    let mut ty = benchmark.arg_type()?.clone();
    if let Type::Reference(reference) = &mut ty {
        reference.lifetime = None;
    }
    Some(ty.into_token_stream())
}
