//! From tokens to typed options. What concerns one option alone is judged here; how options go
//! together, and with the function, is for `check`.

mod benchmark;
mod common;
mod divan;
mod entry;
mod given;
mod group;
mod load;
mod names;
mod setting;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use benchmark::{BenchOptions, Runtime};
pub(crate) use common::Ignore;
pub(crate) use divan::{Consts, DivanCommon, DivanOptions};
pub(crate) use given::Given;
pub(crate) use group::{GroupOptions, root_only};
pub(crate) use load::LoadScenario;
pub(crate) use setting::Setting;
pub(crate) use value::{Literal, is_async, literal, peel};
