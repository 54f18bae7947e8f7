//! Hardware counters: instructions, cycles, misses.

use super::Opened;
#[cfg(not(all(feature = "perf", target_os = "linux")))]
use super::open::absent;
use crate::resource::meter::Scope;
#[cfg(not(all(feature = "perf", target_os = "linux")))]
use crate::resource::tally::Quantity;

/// Opens each counter by itself, so that one that is missing does not cost the others.
#[cfg(all(feature = "perf", target_os = "linux"))]
pub(super) fn open(scope: Scope) -> Vec<Opened> {
    super::perf_event::open_hardware(scope)
}

/// Says why there are none.
#[cfg(not(all(feature = "perf", target_os = "linux")))]
pub(super) fn open(_scope: Scope) -> Vec<Opened> {
    let reason = if cfg!(feature = "perf") {
        "hardware counters are read on Linux only"
    } else {
        "bench-sdk was built without its feature `perf`"
    };
    let quantities =
        [Quantity::Instructions, Quantity::Cycles, Quantity::CacheMisses, Quantity::BranchMisses];
    vec![Err(absent(&quantities, reason))]
}
