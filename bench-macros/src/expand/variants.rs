//! The instances of a generic benchmark.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, GenericParam, Type};

use super::label::label;
use crate::check::Benchmark;
use crate::parse::peel;

/// One instance: what stands in for the generic parameters.
pub(super) struct Variant<'a> {
    /// What is filled in, as shown in ids, in order of declaration.
    pub(super) labels: Vec<String>,
    /// `::<A, 4>`, or nothing.
    pub(super) turbofish: TokenStream,
    /// Items that make the names of the parameters mean the same in `args` and `inputs`.
    pub(super) aliases: Vec<TokenStream>,
    /// The parameters that could not be given such an item.
    pub(super) unnamed: Vec<&'a Ident>,
}

/// All instances; types change slower than constants.
pub(super) fn variants(benchmark: &Benchmark) -> Vec<Variant<'_>> {
    let types = benchmark.options.types.as_ref().map(|given| &given.value);
    let consts = benchmark.options.consts.as_ref().map(|given| &given.value);
    let each = |count: Option<usize>| 0..count.unwrap_or(1);
    each(types.map(Vec::len))
        .flat_map(|ty| each(consts.map(Vec::len)).map(move |constant| (ty, constant)))
        .map(|(ty, constant)| {
            instance(
                benchmark,
                types.map(|types| &types[ty]),
                consts.map(|consts| &consts[constant]),
            )
        })
        .collect()
}

fn instance<'a>(
    benchmark: &'a Benchmark,
    ty: Option<&Type>,
    constant: Option<&Expr>,
) -> Variant<'a> {
    let site = Span::mixed_site();
    let mut variant = Variant {
        labels: Vec::new(),
        turbofish: TokenStream::new(),
        aliases: Vec::new(),
        unnamed: Vec::new(),
    };
    let mut filled: Vec<TokenStream> = Vec::new();
    for param in &benchmark.function.signature.generics.params {
        match (param, ty, constant) {
            (GenericParam::Type(param), Some(ty), _) => {
                let name = &param.ident;
                variant.fill(name, ty.to_token_stream(), &quote_spanned!(site=> type #name = #ty;));
                filled.push(ty.to_token_stream());
            }
            (GenericParam::Const(param), _, Some(value)) => {
                let (name, ty) = (&param.ident, &param.ty);
                let alias = quote_spanned!(site=> const #name: #ty = #value;);
                variant.fill(name, value.to_token_stream(), &alias);
                filled.push(as_argument(value));
            }
            _ => {}
        }
    }
    if !filled.is_empty() {
        variant.turbofish = quote_spanned!(site=> ::<#(#filled),*>);
    }
    variant
}

impl<'a> Variant<'a> {
    fn fill(&mut self, name: &'a Ident, value: TokenStream, alias: &TokenStream) {
        // `type T = T;` would mean itself.
        if mentions(&value, name) {
            self.unnamed.push(name);
        } else {
            let site = Span::mixed_site();
            self.aliases.push(quote_spanned!(site=>
                #[allow(dead_code, unused_braces, reason = "for `args` and `inputs` to use")]
                #alias
            ));
        }
        self.labels.push(label(value));
    }
}

/// A constant in the place of a generic argument, where only literals go without braces.
fn as_argument(value: &Expr) -> TokenStream {
    match peel(value) {
        Expr::Lit(_) | Expr::Block(_) => value.to_token_stream(),
        _ => quote_spanned!(Span::mixed_site()=> { #value }),
    }
}

/// Whether that word stands anywhere in the tokens.
pub(super) fn mentions(tokens: &TokenStream, word: &Ident) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == *word,
        TokenTree::Group(group) => mentions(&group.stream(), word),
        _ => false,
    })
}
