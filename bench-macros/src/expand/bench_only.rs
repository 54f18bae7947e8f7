//! Items that exist only while benchmarks do.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::Private;
use crate::errors::Errors;
use crate::parse::root_only;

/// Expands `#[bench_only] item`; whether it stays is for the runtime to say.
pub(crate) fn bench_only(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let root = root_only(options, &mut errors);
    if let Err(error) = errors.finish() {
        return [item, error.into_compile_error()].into_iter().collect();
    }
    let private = Private::of(root.as_ref());
    quote_spanned!(Span::mixed_site()=> #private::emit! { #item })
}
