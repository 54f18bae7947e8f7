//! What the static says that describes a benchmark.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;

use super::parts::{Names, Parts};
use super::settings::{ignore, optional_text, settings};
use super::variants::{Variant, variants};
use super::{Private, cases};
use crate::check::Benchmark;

/// Everything that is generated next to a benchmark function.
pub(super) fn registration(benchmark: &Benchmark) -> TokenStream {
    let private = Private::of(benchmark.options.common.root.as_ref());
    let function = benchmark.function.name();
    Parts {
        function: &benchmark.function,
        ignore: benchmark.options.common.ignore.as_ref(),
        private: &private,
        names: Names { of: "Registration", entry: "Entry", run: "run_as_test" },
        description: description(benchmark, &private, &function),
    }
    .items()
}

fn description(benchmark: &Benchmark, private: &Private, function: &str) -> TokenStream {
    let site = Span::mixed_site();
    let options = &benchmark.options;
    let name = options.common.name.as_ref().map(|name| &name.value);
    let name =
        name.map_or_else(|| quote_spanned!(site=> #function), |name| quote_spanned!(site=> #name));
    let group = optional_text(options.group.as_ref());
    let tags = &options.common.tags;
    let ignore = ignore(options.common.ignore.as_ref());
    let code_hash = Literal::u64_suffixed(benchmark.code_hash);
    let settings = settings(private, &options.common.settings);
    let threads = threads(benchmark, private);
    let thresholds = &options.thresholds;
    let complexity = optional_text(options.complexity.as_ref().map(|given| &given.value));
    let variants = variants(benchmark);
    let variants = variants.iter().map(|variant| describe(variant, benchmark, private));
    quote_spanned!(site=> #private::Registration {
        package: ::core::env!("CARGO_PKG_NAME"),
        module_path: ::core::module_path!(),
        function: #function,
        name: #name,
        group: #group,
        file: ::core::file!(),
        line: ::core::line!(),
        tags: &[#(#tags),*],
        ignore: #ignore,
        code_hash: #code_hash,
        settings: #settings,
        threads: #threads,
        thresholds: &[#(#thresholds),*],
        complexity: #complexity,
        dialect: #private::Dialect::Hub,
        variants: &[#(#variants),*],
    })
}

fn threads(benchmark: &Benchmark, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    match &benchmark.options.threads {
        None => quote_spanned!(site=> ::core::option::Option::None),
        Some(threads) => {
            let threads = &threads.value;
            quote_spanned!(site=> ::core::option::Option::Some(|| #private::threads(#threads)))
        }
    }
}

fn describe(variant: &Variant<'_>, benchmark: &Benchmark, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let labels = &variant.labels;
    let cases = cases::cases(benchmark, variant, private);
    quote_spanned!(site=> #private::Variant {
        types: || ::std::vec::Vec::from([#(::std::string::String::from(#labels)),*]),
        cases: || #cases,
    })
}
