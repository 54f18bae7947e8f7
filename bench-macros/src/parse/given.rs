//! What an option was given.

use proc_macro2::Ident;

/// The value of an option together with the option's own name, for errors about it.
pub(crate) struct Given<T> {
    /// The name as written.
    pub(crate) option: Ident,
    /// What was given.
    pub(crate) value: T,
}
