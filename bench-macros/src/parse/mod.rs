//! From tokens to typed options. What concerns one option alone is judged here; how options go
//! together, and with the function, is for `check`.

mod benchmark;
mod common;
mod entry;
mod group;
mod names;
mod setting;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use benchmark::{BenchOptions, Runtime};
pub(crate) use common::Ignore;
pub(crate) use group::{GroupOptions, root_only};
pub(crate) use setting::Setting;
pub(crate) use value::{Literal, literal, peel};

use proc_macro2::Ident;

/// The value of an option together with the option's own name, for errors about it.
pub(crate) struct Given<T> {
    /// The name as written.
    pub(crate) option: Ident,
    /// What was given.
    pub(crate) value: T,
}
