//! `#[divan::bench]`: the same registration as that of `#[hub_bench]`, with what divan lets a
//! program decide only when it runs.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::Expr;
use syn::spanned::Spanned;

use super::Private;
use super::divan_cases::{Instance, cases};
use super::settings::settings;
use crate::check::DivanBenchmark;
use crate::parse::{Consts, DivanCommon};

/// Most constants that may stand in another place: each needs an instance of the function, and how
/// many there are is known too late.
const MOST_ELSEWHERE: usize = 20;

/// Expands `#[divan::bench(options)] item`.
pub(crate) fn divan_bench(options: TokenStream, item: &TokenStream) -> TokenStream {
    match DivanBenchmark::parse(options, item.clone()) {
        Ok(benchmark) => {
            let registration = registration(&benchmark);
            quote_spanned!(Span::mixed_site()=> #item #registration)
        }
        // The function stays, so that its other uses do not fail as well.
        Err(error) => [item.clone(), error.into_compile_error()].into_iter().collect(),
    }
}

/// What stands beside the function; nothing where its types or constants are an empty list.
fn registration(benchmark: &DivanBenchmark) -> TokenStream {
    let site = Span::mixed_site();
    let private = Private::of_divan(benchmark.options.common.root.as_ref());
    let Some((constants, variants)) = variants(benchmark, &private) else {
        return TokenStream::new();
    };
    let function = benchmark.function.name();
    let described = Ident::new(&format!("__DIVAN_BENCH_{function}"), site);
    let conditions = &benchmark.function.conditions;
    let deprecated = benchmark
        .function
        .deprecated
        .then(|| quote_spanned!(site=> #[allow(deprecated, reason = "measuring is no new use")]));
    let description = description(benchmark, &private, &function, &variants);
    quote_spanned!(site=>
        #private::emit! {
            #(#conditions)*
            #deprecated
            #[doc(hidden)]
            static #described: #private::Registration = { #constants #description };
            #(#conditions)*
            const _: () = { #private::inventory::submit! { #private::Entry(&#described) } };
        }
    )
}

fn description(
    benchmark: &DivanBenchmark,
    private: &Private,
    function: &str,
    variants: &TokenStream,
) -> TokenStream {
    let site = Span::mixed_site();
    let common = &benchmark.options.common;
    let name = common
        .name
        .as_ref()
        .map_or_else(|| quote_spanned!(site=> #function), |name| quote_spanned!(site=> #name));
    let code_hash = Literal::u64_suffixed(benchmark.code_hash);
    let settings = settings(private, &common.settings);
    let threads = threads(private, common.threads.as_ref());
    let dialect = dialect(private, common, benchmark.function.ignored);
    quote_spanned!(site=> #private::Registration {
        package: ::core::env!("CARGO_PKG_NAME"),
        module_path: ::core::module_path!(),
        function: #function,
        name: #name,
        group: ::core::option::Option::None,
        file: ::core::file!(),
        line: ::core::line!(),
        tags: &[],
        ignore: ::core::option::Option::None,
        code_hash: #code_hash,
        settings: #settings,
        threads: #threads,
        thresholds: &[],
        complexity: ::core::option::Option::None,
        dialect: #dialect,
        variants: #variants,
    })
}

/// `Option<fn() -> Vec<usize>>`
pub(super) fn threads(private: &Private, threads: Option<&Expr>) -> TokenStream {
    let site = Span::mixed_site();
    threads.map_or_else(
        || quote_spanned!(site=> ::core::option::Option::None),
        |threads| {
            let at_value = site.located_at(threads.span());
            let call = quote_spanned!(at_value=> #private::thread_counts(#threads));
            quote_spanned!(site=> ::core::option::Option::Some(|| #call))
        },
    )
}

/// Whether it is ignored is asked when the program runs.
pub(super) fn dialect(private: &Private, common: &DivanCommon, ignored: bool) -> TokenStream {
    let site = Span::mixed_site();
    let ignore = match &common.ignore {
        Some(ignore) => quote_spanned!(site=> ::core::option::Option::Some(#ignore)),
        None if ignored => quote_spanned!(site=> ::core::option::Option::Some(true)),
        None => quote_spanned!(site=> ::core::option::Option::None),
    };
    quote_spanned!(site=> #private::Dialect::Divan { ignore: || #ignore })
}

/// Items that the instances need, and `&'static [Variant]`.
fn variants(benchmark: &DivanBenchmark, private: &Private) -> Option<(TokenStream, TokenStream)> {
    let site = Span::mixed_site();
    let options = &benchmark.options;
    let types = options.types.as_ref().map(|given| &given.value);
    if types.is_some_and(Vec::is_empty) {
        return None;
    }
    let listed = match options.consts.as_ref().map(|given| &given.value) {
        None => 1,
        Some(Consts::Listed(list)) if list.is_empty() => return None,
        Some(Consts::Listed(list)) => list.len(),
        Some(Consts::Elsewhere(_)) => MOST_ELSEWHERE,
    };
    let constants = constants(benchmark);
    let constant = |place: usize| -> Option<TokenStream> {
        Some(match &options.consts.as_ref()?.value {
            Consts::Listed(_) => quote_spanned!(site=> __CONSTS[#place]),
            // Those beyond the end are instances of the first one, and cut off below.
            Consts::Elsewhere(_) => quote_spanned!(site=> __CONSTS[
                if #place < __CONSTS.len() { #place } else { 0 }
            ]),
        })
    };
    let each_type: Vec<_> =
        types.map_or_else(|| vec![None], |types| types.iter().map(Some).collect());
    let mut variants = Vec::new();
    for place in 0..listed {
        for ty in &each_type {
            let instance = Instance::new(benchmark, *ty, constant(place));
            let labels = instance.labels(private);
            let cases = cases(benchmark, &instance, private);
            variants.push(quote_spanned!(site=> #private::Variant {
                types: || ::std::vec::Vec::from([#(#labels),*]),
                cases: || #cases,
            }));
        }
    }
    let Some(Consts::Elsewhere(value)) = options.consts.as_ref().map(|given| &given.value) else {
        return Some((constants, quote_spanned!(site=> &[#(#variants),*])));
    };
    let of_each = each_type.len();
    let items = quote_spanned!(site=>
        #constants
        const __VARIANTS: &[#private::Variant] = &[#(#variants),*];
    );
    let at_value = site.located_at(value.span());
    let private = private.at(value.span());
    let first = quote_spanned!(at_value=> #private::first(__VARIANTS, __CONSTS.len() * #of_each));
    Some((items, first))
}

/// The constants as one slice, so that each has the type of the parameter.
fn constants(benchmark: &DivanBenchmark) -> TokenStream {
    let site = Span::mixed_site();
    let (Some(given), Some(ty)) = (&benchmark.options.consts, benchmark.const_type()) else {
        return TokenStream::new();
    };
    let value = match &given.value {
        Consts::Listed(list) => quote_spanned!(site=> &[#(#list),*]),
        Consts::Elsewhere(value) => quote_spanned!(site=> &#value),
    };
    quote_spanned!(site=> const __CONSTS: &[#ty] = #value;)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::divan_bench;

    fn expanded(options: proc_macro2::TokenStream, item: &proc_macro2::TokenStream) -> String {
        let text = divan_bench(options, item).to_string();
        text.split_whitespace().collect::<String>().replace(",)", ")")
    }

    #[test]
    fn the_function_stays_and_has_no_test() {
        let text = expanded(quote!(), &quote! { #[inline] pub fn f() -> u8 { 1 } });
        assert!(text.starts_with("#[inline]pubfnf()->u8{1}::divan::__private::emit!"), "{text}");
        assert!(text.contains("|__bencher:::divan::__private::Bencher<'_>|"), "{text}");
        assert!(!text.contains("test]") && !text.contains("bench_sdk"), "{text}");
    }

    #[test]
    fn the_front_end_is_where_the_option_says() {
        let text = expanded(quote!(crate = crate::d), &quote! { fn f() {} });
        assert!(text.contains("crate::d::__private::emit!") && !text.contains("::divan"), "{text}");
    }

    #[test]
    fn empty_lists_register_nothing() {
        for options in [quote!(types = [], consts = [1]), quote!(types = [u8], consts = [])] {
            let text = expanded(options, &quote! { fn f<T, const N: u8>() {} });
            assert_eq!(text, "fnf<T,constN:u8>(){}");
        }
    }

    #[test]
    fn constants_of_another_place_are_cut_to_their_number() {
        let options = quote!(types = [u8, u16], consts = SIZES);
        let text = expanded(options, &quote! { fn f<const N: usize, T>() {} });
        assert_eq!(text.matches("types:||").count(), 40, "{text}");
        assert!(text.contains("const__CONSTS:&[usize]=&SIZES;"), "{text}");
        assert!(text.contains("first(__VARIANTS,__CONSTS.len()*2usize)"), "{text}");
        assert!(text.contains("f::<{__CONSTS[if19usize<__CONSTS.len(){19usize}else{0}]},u16>"));
    }

    #[test]
    fn whether_it_is_ignored_is_asked_late() {
        let ignore = |options, item| expanded(options, &item);
        let plain = ignore(quote!(), quote! { fn f() {} });
        assert!(plain.contains("ignore:||::core::option::Option::None}"), "{plain}");
        let attribute = ignore(quote!(), quote! { #[ignore] fn f() {} });
        assert!(attribute.contains("ignore:||::core::option::Option::Some(true)}"), "{attribute}");
        let told = ignore(quote!(ignore = slow()), quote! { #[ignore] fn f() {} });
        assert!(told.contains("ignore:||::core::option::Option::Some(slow())}"), "{told}");
    }
}
