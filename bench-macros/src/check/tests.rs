use proc_macro2::TokenStream;
use quote::quote;

use super::{Annotated, Benchmark, Lent, Passing};

fn measured(options: TokenStream, item: TokenStream) -> syn::Result<Benchmark> {
    match Annotated::parse(options, item)? {
        Annotated::Measured(benchmark) => Ok(*benchmark),
        Annotated::Load(_) => unreachable!("no `load` in {}", "the options"),
    }
}

fn messages(options: TokenStream, item: TokenStream) -> Vec<String> {
    let error = Annotated::parse(options, item).err();
    error.map(|error| error.into_iter().map(|one| one.to_string()).collect()).unwrap_or_default()
}

fn form(options: TokenStream, item: TokenStream) -> (bool, bool, Vec<Passing>) {
    match measured(options, item) {
        Ok(Benchmark { form, .. }) => {
            (form.bencher, form.state, form.params.iter().map(|param| param.passing).collect())
        }
        Err(error) => unreachable!("{error}"),
    }
}

fn hash(options: TokenStream, item: TokenStream) -> Option<u64> {
    measured(options, item).ok().map(|benchmark| benchmark.code_hash)
}

#[test]
fn parameters_are_told_apart() {
    use Passing::{Copied, Exclusive, Owned, Shared};
    let inputs = || quote!(inputs = f);
    assert_eq!(
        form(
            quote!(),
            quote!(
                fn f() {}
            )
        ),
        (false, false, vec![])
    );
    assert_eq!(
        form(
            inputs(),
            quote!(
                fn f(a: u8, b: &u8, c: &mut u8, d: Vec<u8>) {}
            )
        ),
        (false, false, vec![Copied, Shared, Exclusive, Owned])
    );
    assert_eq!(
        form(
            quote!(),
            quote!(
                fn f(b: Bencher) {}
            )
        ),
        (true, false, vec![])
    );
    assert_eq!(
        form(
            quote!(args = a),
            quote!(
                fn f(b: bench_sdk::Bencher<'_>, n: std::u8) {}
            )
        ),
        (true, false, vec![Owned])
    );
}

#[test]
fn the_state_is_a_leading_reference_that_nothing_else_claims() {
    use Passing::{Owned, Shared};
    let item = || {
        quote!(
            fn f(a: &A) {}
        )
    };
    assert_eq!(form(quote!(setup = s), item()), (false, true, vec![]));
    assert_eq!(form(quote!(setup = s, inputs = i), item()), (false, false, vec![Shared]));
    assert_eq!(form(quote!(setup = s, args = i), item()), (false, false, vec![Shared]));
    let two = quote!(
        fn f(a: &A, b: &B) {}
    );
    assert_eq!(form(quote!(setup = s, inputs = i), two), (false, true, vec![Shared]));
    let bencher = quote!(
        fn f(b: Bencher, a: &A, n: B) {}
    );
    assert_eq!(form(quote!(setup = s, args = i), bencher), (true, true, vec![Owned]));
}

#[test]
fn the_hash_covers_the_body_only_behind_a_bencher() {
    let plain = |body: TokenStream| hash(quote!(), quote!(fn f() { #body }));
    assert_eq!(plain(quote!(1)), plain(quote!(2)));
    let bencher = |body: TokenStream| hash(quote!(), quote!(fn f(b: Bencher) { #body }));
    assert_ne!(bencher(quote!(1)), bencher(quote!(2)));
    assert_ne!(
        hash(
            quote!(launches = 1),
            quote!(
                fn f() {}
            )
        ),
        hash(
            quote!(),
            quote!(
                fn f() {}
            )
        )
    );
    assert_ne!(
        hash(
            quote!(),
            quote!(
                fn f() {}
            )
        ),
        hash(
            quote!(),
            quote!(
                fn f() -> u8 {}
            )
        )
    );
    assert_eq!(
        hash(
            quote!(),
            quote!(
                #[inline]
                pub fn f() {}
            )
        ),
        hash(
            quote!(),
            quote!(
                fn f() {}
            )
        )
    );
}

#[test]
fn functions_that_cannot_be_called_are_refused() {
    for (item, part) in [
        (
            quote!(
                fn f(&self) {}
            ),
            "a method cannot be a benchmark",
        ),
        (
            quote!(
                unsafe fn f() {}
            ),
            "an `unsafe` function",
        ),
        (
            quote!(
                extern "C" fn f() {}
            ),
            "an `extern` function",
        ),
        (
            quote!(
                fn f() -> ! {}
            ),
            "never returns",
        ),
        (
            quote!(
                fn f();
            ),
            "needs a body",
        ),
        (
            quote!(
                pub struct S;
            ),
            "not on `struct`",
        ),
        (
            quote!(
                mod m {}
            ),
            "`#[hub_bench_group(..)]`",
        ),
        (
            quote!(
                fn f<T>() {}
            ),
            "add `types = [..]`",
        ),
        (
            quote!(
                fn f<const N: u8>() {}
            ),
            "add `consts = [..]`",
        ),
        (
            quote!(
                fn f(n: u8) {}
            ),
            "nothing gives `n` a value",
        ),
        (
            quote!(
                fn f((a, b): (u8, u8)) {}
            ),
            "nothing gives this parameter a value",
        ),
        (
            quote!(
                fn f(b: &mut Bencher) {}
            ),
            "taken by value",
        ),
        (
            quote!(
                async fn f(b: Bencher) {}
            ),
            "bench_async",
        ),
    ] {
        let text = item.to_string();
        let messages = messages(quote!(), item);
        assert_eq!(messages.len(), 1, "{text}: {messages:?}");
        assert!(messages[0].contains(part), "{text}: {messages:?}");
    }
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let plain = || {
        quote!(
            fn f() {}
        )
    };
    let one = || {
        quote!(
            fn f(n: u8) {}
        )
    };
    for (options, item, part) in [
        (quote!(args = a), plain(), "`args` needs a parameter"),
        (quote!(inputs = a), plain(), "`inputs` needs a parameter"),
        (
            quote!(args = a),
            quote!(
                fn f(a: u8, b: u8) {}
            ),
            "so `b` gets no value",
        ),
        (
            quote!(args = a),
            quote!(
                fn f(a: u8, b: Bencher) {}
            ),
            "comes first",
        ),
        (
            quote!(inputs = a),
            quote!(
                fn f(b: Bencher, a: u8) {}
            ),
            "with_inputs",
        ),
        (quote!(inputs = |x| x), one(), "takes nothing: `|| ..`"),
        (quote!(args = a, inputs = || 1), one(), "takes the argument"),
        (quote!(args = a, inputs = 1), one(), "a closure of the argument"),
        (quote!(args = a, setup = s, inputs = |x| x), one(), "`|state, argument| ..`"),
        (quote!(setup = s, inputs = |a, b| a), one(), "`|state| ..`"),
        (quote!(types = [u8]), plain(), "needs a type parameter"),
        (quote!(consts = [1]), plain(), "needs a const parameter"),
        (
            quote!(types = [u8]),
            quote!(
                fn f<A, B>() {}
            ),
            "a second type parameter",
        ),
        (
            quote!(consts = [1]),
            quote!(
                fn f<const A: u8, const B: u8>() {}
            ),
            "a second const",
        ),
        (quote!(teardown = t), plain(), "there is no `setup`"),
        (
            quote!(setup = s),
            quote!(
                fn f(s: &mut S) {}
            ),
            "lent as `&`",
        ),
        (quote!(setup = s), one(), "nothing gives `n` a value"),
        (quote!(runtime = "current_thread"), plain(), "not `async`"),
        (
            quote!(workers = 2),
            quote!(
                async fn f() {}
            ),
            "needs `runtime",
        ),
        (
            quote!(threads = 2),
            quote!(
                async fn f() {}
            ),
            "for plain functions",
        ),
        (quote!(complexity = "n"), plain(), "fitted over `args`"),
        (quote!(args = a, complexity = "nlogn"), one(), "`complexity` is one of `1`"),
        (quote!(min_time = 2, max_time = 1.5), plain(), "more than `max_time`"),
        (quote!(thresholds = ["medain < 1s"]), plain(), "did you mean `median`"),
    ] {
        let text = options.to_string();
        let messages = messages(options, item);
        assert_eq!(messages.len(), 1, "{text}: {messages:?}");
        assert!(messages[0].contains(part), "{text}: {messages:?}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let messages = messages(
        quote!(launches = 0, teardown = t, thresholds = ["x"]),
        quote!(
            fn f(n: u8) {}
        ),
    );
    assert_eq!(messages.len(), 4, "{messages:?}");
}

#[test]
fn a_mistyped_option_is_not_also_missing() {
    assert_eq!(
        messages(
            quote!(arg = [1]),
            quote!(
                fn f(n: u8) {}
            )
        )
        .len(),
        1
    );
    assert_eq!(
        messages(
            quote!(type = [u8]),
            quote!(
                fn f<T>() {}
            )
        )
        .len(),
        1
    );
}

fn lent(options: TokenStream, item: TokenStream) -> Vec<Lent> {
    match Annotated::parse(options, item) {
        Ok(Annotated::Load(benchmark)) => benchmark.params,
        Ok(Annotated::Measured(_)) => unreachable!("`load` was given"),
        Err(error) => unreachable!("{error}"),
    }
}

#[test]
fn parameters_of_a_load_bench_are_told_by_their_types() {
    use Lent::{Own, Shared, Vu};
    let options = || quote!(setup = a, vu_setup = b, load());
    assert_eq!(
        lent(
            options(),
            quote!(
                async fn f() {}
            )
        ),
        []
    );
    assert_eq!(
        lent(
            options(),
            quote!(
                async fn f(vu: bench_sdk::Vu, s: &S, own: &mut T) {}
            )
        ),
        [Vu, Shared, Own]
    );
    assert_eq!(
        lent(
            options(),
            quote!(
                async fn f<'a>(own: &mut T, s: &'a S) {}
            )
        ),
        [Own, Shared]
    );
}

#[test]
fn every_mistake_in_a_load_bench_is_reported() {
    let found = messages(
        quote!(
            args = [1],
            min_time = 1,
            thresholds = ["median < 1s"],
            load(executor = constant_vus, rate = 1)
        ),
        quote!(
            fn f<T>(vu: &Vu, state: &str, own: &mut u8, number: u8) {}
        ),
    );
    let parts = [
        "is an `async fn`",
        "cannot be generic",
        "`args` is for functions that are measured",
        "`min_time` is for functions that are measured",
        "stand inside `load(..)`",
        "`rate` is not for the executor `constant-vus`, which takes `vus`, `duration`",
        "`Vu` is taken by value",
        "nothing gives `state` a value: add `setup",
        "nothing gives `own` a value: add `vu_setup",
        "and nothing else",
    ];
    assert_eq!(found.len(), parts.len(), "{found:#?}");
    for (message, part) in found.iter().zip(parts) {
        assert!(message.contains(part), "{message} lacks {part}");
    }
}

#[test]
fn a_load_bench_has_its_body_in_its_fingerprint() {
    let hash = |item| match Annotated::parse(quote!(load()), item) {
        Ok(Annotated::Load(benchmark)) => benchmark.code_hash,
        _ => unreachable!("it is a load bench"),
    };
    let (one, other) = (
        quote!(
            async fn f() {
                a()
            }
        ),
        quote!(
            async fn f() {
                b()
            }
        ),
    );
    assert_ne!(hash(one.clone()), hash(other));
    assert_eq!(hash(one.clone()), hash(one));
}
