//! Which probes there are.

use super::{Opened, cpu, energy, io, network, perf, usage};
use crate::resource::meter::{Absent, Scope};
use crate::resource::tally::Quantity;

/// All probes, the slowest first.
pub(in crate::resource) fn open_all(scope: Scope) -> Vec<Opened> {
    let mut all = vec![
        network::open(scope),
        io::open(scope),
        energy::open(scope),
        usage::open(scope),
        cpu::open(scope),
    ];
    all.extend(perf::open(scope));
    all
}

/// Says that these quantities are not counted.
pub(super) fn absent(quantities: &[Quantity], reason: impl Into<String>) -> Absent {
    Absent { quantities: quantities.to_vec(), reason: reason.into() }
}
