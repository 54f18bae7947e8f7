//! Attribute macros of `bench-sdk`; use them through that crate.
use proc_macro::TokenStream;

/// Marks a function as a benchmark.
#[proc_macro_attribute]
pub fn hub_bench(_options: TokenStream, item: TokenStream) -> TokenStream {
    item
}
