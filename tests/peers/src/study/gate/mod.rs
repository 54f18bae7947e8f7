//! Whether the paired gate keeps its promises: comparisons of two copies of one executable, as they
//! are and with a known difference.

mod aa;
mod coverage;
mod judge;
mod peers;
mod power;
mod share;
mod spinner;
mod stage;
mod trial;
mod verdict_time;

pub(crate) use aa::Data as Aa;
pub(crate) use coverage::Data as Covered;
pub(crate) use power::Data as Power;
pub(crate) use spinner::spin;
pub(crate) use verdict_time::Data as VerdictTime;
