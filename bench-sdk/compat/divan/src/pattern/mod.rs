//! Filters are regular expressions, as with divan, and a crate for them would be one more for
//! everybody. Patterns become a small machine that is run over the text in one pass, so none of
//! them takes long (Thompson, "Regular expression search algorithm", CACM 11(6), 1968).

mod machine;
mod parse;
mod syntax;

pub(crate) use machine::Pattern;
