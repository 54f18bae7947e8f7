//! A load bench as four async functions: what is made once, what each virtual user has of its own,
//! an iteration, and taking back what was made.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::Private;
use crate::check::{Lent, LoadBenchmark};
use crate::parse::{Given, peel};

/// An expression of type `LoadBench`.
pub(super) fn functions(benchmark: &LoadBenchmark, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let options = &benchmark.options;
    let setup = setup(options.setup.as_ref(), private);
    let user = user(options.vu_setup.as_ref(), options.setup.is_some(), private);
    let iterate = iterate(benchmark, private);
    let teardown = teardown(options.teardown.as_ref(), private);
    quote_spanned!(site=> #private::load_bench(#setup, #user, #iterate, #teardown))
}

/// `async || -> Result<S, String>`
fn setup(setup: Option<&Given<Expr>>, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let Some(Given { value, .. }) = setup else {
        return quote_spanned!(site=> async || #private::nothing());
    };
    let made = made(&quote_spanned!(site=> #private::call(#value)), private);
    // At the value, where a state that cannot be shared is then shown.
    let at_value = private.at(value.span());
    let state = Ident::new("__state", site.located_at(value.span()));
    quote_spanned!(site=> async || {
        let __state = #made;
        #at_value::shared(#state)
    })
}

/// `async |&Vu, &S| -> Result<T, String>`
fn user(vu_setup: Option<&Given<Expr>>, has_state: bool, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let Some(Given { value, .. }) = vu_setup else {
        return quote_spanned!(site=> async |_, _| #private::nothing());
    };
    let takes_nothing = matches!(peel(value), Expr::Closure(closure) if closure.inputs.is_empty());
    let (call, state) = if takes_nothing {
        (quote_spanned!(site=> #private::call(#value)), quote_spanned!(site=> _))
    } else if has_state {
        let call = quote_spanned!(site=> #private::call_with_both(__vu, __state, #value));
        (call, quote_spanned!(site=> __state))
    } else {
        (quote_spanned!(site=> #private::call_with(__vu, #value)), quote_spanned!(site=> _))
    };
    let vu = if takes_nothing { quote_spanned!(site=> _) } else { quote_spanned!(site=> __vu) };
    let made = made(&call, private);
    quote_spanned!(site=> async |#vu, #state| #made)
}

/// `async |Vu, &S, &mut T| -> impl CheckOutcome`
fn iterate(benchmark: &LoadBenchmark, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let function = benchmark.function.called();
    let values = benchmark.params.iter().map(|param| match param {
        Lent::Vu => quote_spanned!(site=> __vu),
        Lent::Shared => lent("__state", benchmark.options.setup.as_ref()),
        Lent::Own => lent("__own", benchmark.options.vu_setup.as_ref()),
    });
    let bound = |lent: Lent, name: TokenStream| {
        if benchmark.params.contains(&lent) { name } else { quote_spanned!(site=> _) }
    };
    let vu = bound(Lent::Vu, quote_spanned!(site=> __vu));
    let state = bound(Lent::Shared, quote_spanned!(site=> __state));
    let own = bound(Lent::Own, quote_spanned!(site=> __own));
    let failure = failure(benchmark.options.allow_err, private);
    quote_spanned!(site=> async |#vu, #state, #own| {
        let __output = #function(#(#values),*).await;
        #failure
    })
}

/// A state as an argument, at the option that makes it: where its type is wrong, that is where it
/// comes from.
fn lent(name: &str, made_by: Option<&Given<Expr>>) -> TokenStream {
    let site = Span::mixed_site();
    let place = made_by.map_or(site, |given| site.located_at(given.value.span()));
    Ident::new(name, place).into_token_stream()
}

/// `async |S| -> impl CheckOutcome`
fn teardown(teardown: Option<&Given<Expr>>, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let Some(Given { value, .. }) = teardown else {
        return quote_spanned!(site=> async |_| #private::NoCheck);
    };
    let awaited = awaited(&quote_spanned!(site=> #private::call_with(__state, #value)), private);
    let failure = failure(false, private);
    quote_spanned!(site=> async |__state| {
        let __output = #awaited;
        #failure
    })
}

/// What `__output` says of failure.
fn failure(allow_err: bool, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    if allow_err {
        return quote_spanned!(site=> { let _ = &__output; #private::NoCheck });
    }
    quote_spanned!(site=> {
        use #private::{CheckNothing as _, CheckResult as _};
        (&&&#private::Probe(&__output)).failure()
    })
}

/// The value of an expression, or what it resolves to if it is a future.
fn awaited(expression: &TokenStream, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    quote_spanned!(site=> {
        use #private::{IsFuture as _, IsValue as _};
        let __made = #expression;
        (&&#private::Kind::of(&__made)).kind().future(__made).await
    })
}

/// The same, where an `Err` ends the run and an `Ok` is the state.
fn made(expression: &TokenStream, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let awaited = awaited(expression, private);
    quote_spanned!(site=> {
        use #private::{IsMade as _, MayFail as _};
        (&&&#private::Made::new(#awaited)).take()
    })
}
