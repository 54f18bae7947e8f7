//! Attribute macros of `bench-sdk`; use them through that crate, whose documentation has the
//! options and examples.
//!
//! Without the feature `expand` (which `bench-sdk/bench` turns on) the macros pass through what
//! they are put on, and this crate has no dependencies.

#[cfg(feature = "expand")]
mod check;
#[cfg(feature = "expand")]
mod errors;
#[cfg(feature = "expand")]
mod expand;
#[cfg(feature = "expand")]
mod hash;
#[cfg(feature = "expand")]
mod parse;
#[cfg(not(feature = "expand"))]
mod passthrough;
#[cfg(feature = "expand")]
mod suggest;

use proc_macro::TokenStream;

/// Marks a function as a benchmark.
#[proc_macro_attribute]
pub fn hub_bench(options: TokenStream, item: TokenStream) -> TokenStream {
    #[cfg(feature = "expand")]
    return expand::hub_bench(options.into(), &item.into()).into();
    #[cfg(not(feature = "expand"))]
    {
        drop(options);
        passthrough::hub_bench(item)
    }
}

/// Sets defaults for the benchmarks of an inline module.
#[proc_macro_attribute]
pub fn hub_bench_group(options: TokenStream, module: TokenStream) -> TokenStream {
    #[cfg(feature = "expand")]
    return expand::hub_bench_group(options.into(), module.into()).into();
    #[cfg(not(feature = "expand"))]
    {
        drop(options);
        module
    }
}

/// Marks a function as a benchmark, in the words of divan.
#[cfg(feature = "expand")]
#[proc_macro_attribute]
pub fn divan_bench(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::divan_bench(options.into(), &item.into()).into()
}

/// Sets defaults for the benchmarks of an inline module, in the words of divan.
#[cfg(feature = "expand")]
#[proc_macro_attribute]
pub fn divan_bench_group(options: TokenStream, module: TokenStream) -> TokenStream {
    expand::divan_bench_group(options.into(), &module.into()).into()
}

/// Sets defaults for the benchmarks of the module it is called in.
#[proc_macro]
pub fn group(options: TokenStream) -> TokenStream {
    #[cfg(feature = "expand")]
    return expand::group(options.into()).into();
    #[cfg(not(feature = "expand"))]
    {
        drop(options);
        TokenStream::new()
    }
}

/// Keeps an item only while benchmarks are on.
#[proc_macro_attribute]
pub fn bench_only(options: TokenStream, item: TokenStream) -> TokenStream {
    #[cfg(feature = "expand")]
    return expand::bench_only(options.into(), item.into()).into();
    #[cfg(not(feature = "expand"))]
    {
        drop((options, item));
        TokenStream::new()
    }
}
