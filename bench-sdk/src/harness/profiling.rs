//! `--profile-time`: keeps benchmarks running in this process, for a profiler that looks at it from
//! outside. Nothing is reported or kept.

use std::time::Duration;

use super::exit::Exit;
use crate::bencher::{Bencher, Sampling};
use crate::clock::calibrate;
use crate::harness::tell_line;
use crate::launch::{Launcher, LocalLauncher, Order, Outcome, measure_here};
use crate::plan::Plan;
use crate::record::{CaseId, Settings};
use crate::registry::Catalog;
use crate::report::escape;
use crate::runner::order;

/// Runs each case of the plan for that long, one after the other.
pub(super) fn profile(catalog: &Catalog, plan: &Plan, time: Duration) -> Exit {
    let mut launcher = LocalLauncher::new(catalog, calibrate(), || false);
    let mut exit = Exit::Success;
    for case in &plan.cases {
        announce(case.id.as_str(), time);
        let order = Order { sampling: for_so_long(time), ..order(catalog, case, false, 0) };
        match launcher.measure(order) {
            Ok(outcome) => exit = exit.and(told(case.id.as_str(), &outcome)),
            // Nobody can be asked to stop here but the process itself.
            Err(error) => {
                tell_line!("error: {error}");
                return exit.and(Exit::NotKept);
            }
        }
    }
    exit
}

/// Runs a benchmark that the program has come to for that long; whether it went well.
pub fn profile_reached(
    id: &str,
    time: Duration,
    settings: &Settings,
    benchmark: &mut dyn FnMut(Bencher<'_>) -> Result<(), String>,
) -> bool {
    announce(id, time);
    let order = Order {
        id: CaseId::from(id),
        entrant: 0,
        index: 0,
        entrant_id: CaseId::from(id),
        label: None,
        threads: None,
        sampling: for_so_long(time),
        counters: settings.counters.clone(),
        token: 0,
        seed: 0,
        timeout_ns: 0,
    };
    let outcome = measure_here(calibrate(), &order, benchmark);
    told(id, &outcome) == Exit::Success
}

fn announce(id: &str, time: Duration) {
    tell_line!("running {} for {} s, unmeasured", escape(id), time.as_secs_f64());
}

fn told(id: &str, outcome: &Outcome) -> Exit {
    match &outcome.result {
        Ok(_) => Exit::Success,
        Err(broken) => {
            tell_line!("error: {} {}", escape(id), escape(&broken.to_string()));
            Exit::Broken
        }
    }
}

/// Nothing but running, in batches as they are measured.
fn for_so_long(time: Duration) -> Sampling {
    let ns = time.as_nanos() as f64;
    Sampling {
        test: false,
        sample_count: None,
        sample_size: None,
        min_ns: ns,
        max_ns: ns,
        warmup_ns: 0.0,
        skip_ext_time: false,
        probes: false,
        callgrind: None,
    }
}
