//! Pure judgements over two sides: what differs, by how much, and how sure that is.

#![allow(
    dead_code,
    unused_imports,
    reason = "called by the gate, which not every set of features has"
)]

mod exact;
mod explain;
mod words;

pub(crate) use exact::{Exact, compare_exact, is_exact};
pub(crate) use explain::explain;
