//! What generated code may name. Not for people: it changes without notice.

pub use crate::reached::finish;
