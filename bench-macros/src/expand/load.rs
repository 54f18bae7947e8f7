//! What the static says that describes a load bench.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::Private;
use super::load_functions::functions;
use super::parts::{Names, Parts};
use super::settings::{ignore, optional_text, settings};
use crate::check::LoadBenchmark;
use crate::parse::LoadScenario;

/// Everything that is generated next to a load bench.
pub(super) fn registration(benchmark: &LoadBenchmark) -> TokenStream {
    let private = Private::of(benchmark.options.common.root.as_ref());
    Parts {
        function: &benchmark.function,
        ignore: benchmark.options.common.ignore.as_ref(),
        private: &private,
        names: Names { of: "LoadRegistration", entry: "LoadEntry", run: "run_load_as_test" },
        description: description(benchmark, &private),
    }
    .items()
}

fn description(benchmark: &LoadBenchmark, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let options = &benchmark.options;
    let function = benchmark.function.name();
    let name = options.common.name.as_ref().map(|name| &name.value);
    let name =
        name.map_or_else(|| quote_spanned!(site=> #function), |name| quote_spanned!(site=> #name));
    let group = optional_text(options.group.as_ref());
    let tags = &options.common.tags;
    let ignore = ignore(options.common.ignore.as_ref());
    let code_hash = Literal::u64_suffixed(benchmark.code_hash);
    let settings = settings(private, &options.common.settings);
    let scenario = scenario(options.load.as_ref(), private);
    let functions = functions(benchmark, private);
    quote_spanned!(site=> #private::LoadRegistration {
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
        options: #scenario,
        bench: || #functions,
    })
}

/// A function pointer that makes the options of the scenario.
fn scenario(scenario: Option<&LoadScenario>, private: &Private) -> TokenStream {
    let site = Span::mixed_site();
    let executor = scenario.and_then(|scenario| scenario.executor.as_ref());
    let executor = executor.map(|executor| {
        let name = executor.value.name;
        quote_spanned!(site=> #private::load_set::executor(&mut __options, #name);)
    });
    let calls = scenario.into_iter().flat_map(|scenario| &scenario.calls).map(|call| {
        // At the value, where a wrong type is then shown.
        let at_value = site.located_at(call.values.first().map_or(site, Spanned::span));
        let setter = Ident::new(call.setter, site.located_at(call.option.span()));
        let values = &call.values;
        quote_spanned!(at_value=> #private::load_set::#setter(&mut __options, #(#values),*);)
    });
    let calls: Vec<TokenStream> = executor.into_iter().chain(calls).collect();
    if calls.is_empty() {
        return quote_spanned!(site=> || #private::LoadOptions::default());
    }
    quote_spanned!(site=> || {
        let mut __options = #private::LoadOptions::default();
        #(#calls)*
        __options
    })
}
