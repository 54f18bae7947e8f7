//! The metrics that every run knows.

pub(crate) use crate::record::load::{Builtin, builtin};
