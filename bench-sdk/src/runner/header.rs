//! The head of a run's record.

use std::collections::BTreeMap;

use crate::clock::{TimerSpec, Utc, utc_now};
use crate::record::{ClockRecord, Mode, RunHeader};
use crate::stats::Rng;

/// What the caller knows of a run before it starts.
#[derive(Clone, Debug)]
pub(crate) struct HeaderParts {
    pub(crate) mode: Mode,
    /// Seed, or a fresh one.
    pub(crate) seed: Option<u64>,
    pub(crate) launches: u32,
    pub(crate) optimized: bool,
    pub(crate) package: String,
    pub(crate) target: String,
    /// Share of the cases, such as `1/3`.
    pub(crate) partition: Option<String>,
}

/// A seed that differs from run to run.
#[cfg(feature = "load")]
pub(crate) fn fresh_seed() -> u64 {
    rng_of(&utc_now()).next_u64() >> 11
}

/// A generator that differs from run to run; none of its numbers has to be secret.
fn rng_of(now: &Utc) -> Rng {
    Rng::new(u64::from(now.nanos) << 32 | u64::from(std::process::id()))
}

/// Name of the folder of something that starts now.
#[cfg(feature = "load")]
pub(crate) fn new_id() -> String {
    let now = utc_now();
    format!("{}_{:04x}", now.folder(), rng_of(&now).next_u64() & 0xffff)
}

/// The head of a run that starts now.
pub(crate) fn new_header(parts: HeaderParts) -> RunHeader {
    let now = utc_now();
    let mut rng = rng_of(&now);
    let seed = parts.seed.unwrap_or_else(|| rng.next_u64() >> 11);
    RunHeader {
        id: format!("{}_{:04x}", now.folder(), rng.next_u64() & 0xffff),
        started_at: now.rfc3339(),
        duration_ns: 0,
        mode: parts.mode,
        seed,
        launches: parts.launches,
        optimized: parts.optimized,
        package: parts.package,
        target: parts.target,
        registered: 0,
        interrupted: false,
        partition: parts.partition,
        anchor_ns: None,
        absent: BTreeMap::new(),
        skipped: Vec::new(),
        notes: Vec::new(),
        failed_reporters: Vec::new(),
    }
}

/// The clock, as a record tells it.
pub(crate) fn clock_record(spec: &TimerSpec) -> ClockRecord {
    ClockRecord {
        source: crate::clock::Timer::new(*spec).name().to_owned(),
        precision_ns: spec.precision_ns,
        cost_ns: spec.cost_ns,
    }
}
