//! Which probes there are.

use super::{Opened, cpu, io, network, usage};
use crate::resource::meter::{Absent, Scope};
use crate::resource::tally::Quantity;

/// All probes, the slowest first.
pub(in crate::resource) fn open_all(scope: Scope) -> Vec<Opened> {
    vec![network::open(scope), io::open(scope), usage::open(scope), cpu::open(scope)]
}

/// Says that these quantities are not counted.
pub(super) fn absent(quantities: &[Quantity], reason: impl Into<String>) -> Absent {
    Absent { quantities: quantities.to_vec(), reason: reason.into() }
}
