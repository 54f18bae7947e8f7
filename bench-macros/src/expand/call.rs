//! The call of the annotated function, and of the functions named in options.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::Private;
use super::variants::Variant;
use crate::check::Benchmark;
use crate::parse::{is_async, peel};

/// The annotated function as something that can be called.
pub(super) struct Call<'a> {
    benchmark: &'a Benchmark,
    variant: &'a Variant<'a>,
}

impl<'a> Call<'a> {
    pub(super) fn new(benchmark: &'a Benchmark, variant: &'a Variant<'a>) -> Self {
        Self { benchmark, variant }
    }

    /// The call; the state goes before the values.
    pub(super) fn with(&self, values: &[TokenStream]) -> TokenStream {
        self.after(None, values)
    }

    /// The call with a `Bencher` before all others.
    pub(super) fn with_bencher(&self, bencher: TokenStream, values: &[TokenStream]) -> TokenStream {
        self.after(Some(bencher), values)
    }

    fn after(&self, bencher: Option<TokenStream>, values: &[TokenStream]) -> TokenStream {
        let site = Span::mixed_site();
        let function = self.benchmark.function.called();
        let turbofish = &self.variant.turbofish;
        let setup = self.benchmark.options.setup.as_ref().filter(|_| self.benchmark.form.state);
        let state = setup.map(|setup| {
            // Where its type is wrong, that is where it comes from.
            quote_spanned!(site.located_at(setup.value.span())=> &__state)
        });
        let values = bencher.into_iter().chain(state).chain(values.iter().cloned());
        quote_spanned!(site=> #function #turbofish(#(#values),*))
    }
}

/// What makes one input: a call of the closure or path that was given, or the expression itself.
/// For an async benchmark it stands in an `async` block, and what is async is awaited there. A
/// plain closure is not asked what it returns: that may not be known yet, as with `collect()`.
pub(super) fn input(benchmark: &Benchmark, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let input = made(benchmark, private);
    let Some(inputs) = &benchmark.options.inputs else { return input };
    if benchmark.function.signature.asyncness.is_none() {
        return input;
    }
    match peel(&inputs.value) {
        Expr::Path(_) => quote_spanned!(site=> {
            use #private::{IsFuture as _, IsValue as _};
            let __made = #input;
            (&&#private::Kind::of(&__made)).kind().future(__made).await
        }),
        Expr::Closure(closure) if is_async(closure) => quote_spanned!(site=> #input.await),
        _ => input,
    }
}

/// The input, or a future of it.
fn made(benchmark: &Benchmark, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let options = &benchmark.options;
    let Some(inputs) = &options.inputs else { return TokenStream::new() };
    let inputs = &inputs.value;
    let takes_nothing = match peel(inputs) {
        Expr::Path(_) => false,
        Expr::Closure(closure) => closure.inputs.is_empty(),
        _ => return inputs.to_token_stream(),
    };
    let state = options.setup.is_some();
    match (state && !takes_nothing, options.args.is_some()) {
        (false, false) => quote_spanned!(site=> #private::call(#inputs)),
        (true, false) => quote_spanned!(site=> #private::call_with(&__state, #inputs)),
        (false, true) => quote_spanned!(site=> #private::call_with(__arg, #inputs)),
        (true, true) => quote_spanned!(site=> #private::call_with_both(&__state, __arg, #inputs)),
    }
}
