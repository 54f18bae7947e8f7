//! Why a case lacks a figure, and what would give it.

use std::collections::BTreeMap;

use super::usage::parts_per_op;
use crate::record::{CaseRecord, CounterKind, metric_name as name};

/// The metrics of the counting allocator; they come together or not at all.
const OF_ALLOCATOR: [&str; 5] =
    [name::ALLOCS, name::ALLOC_BYTES, name::FREES, name::PEAK_LIVE, name::LEAKED];

/// Why the case has no metric of that name, as far as that is known. `common` is what is absent
/// from every case of the run.
pub(crate) fn reason(
    metric: &str,
    case: &CaseRecord,
    common: &BTreeMap<String, String>,
) -> Option<String> {
    let sources = sources(metric);
    if !sources.iter().any(|source| case.metrics.contains_key(*source)) {
        if sources.iter().any(|source| OF_ALLOCATOR.contains(source)) {
            let remedy =
                "install `bench_sdk::BenchAlloc` as the global allocator of the bench binary";
            return Some(remedy.to_owned());
        }
        let recorded = recorded(metric, case)
            .or_else(|| sources.iter().find_map(|source| common.get(*source)).map(String::as_str));
        if let Some(reason) = recorded {
            return Some(reason.to_owned());
        }
    }
    remedy(metric, case).map(str::to_owned)
}

/// What the record itself says of that metric, or of one that it is made of.
pub(super) fn recorded<'a>(metric: &str, case: &'a CaseRecord) -> Option<&'a str> {
    sources(metric).iter().find_map(|source| case.absent.get(*source)).map(String::as_str)
}

/// The metric, and those that it is made of.
fn sources(metric: &str) -> Vec<&str> {
    let parts: &[&str] = match metric {
        name::OPS_PER_CPU_SECOND | name::CPU_UTILISATION => &[name::CPU],
        name::IPC => &[name::INSTRUCTIONS, name::CYCLES],
        _ => parts_per_op(metric),
    };
    std::iter::once(metric).chain(parts.iter().copied()).collect()
}

/// What has to be asked for.
fn remedy(metric: &str, case: &CaseRecord) -> Option<&'static str> {
    let counts_items = case.counters.iter().any(|counter| counter.kind == CounterKind::Items);
    match metric {
        name::THROUGHPUT_ITEMS => Some("give the benchmark `items_count`"),
        name::THROUGHPUT_BYTES => Some("give the benchmark `bytes_count`"),
        name::THROUGHPUT_CHARS => Some("give the benchmark `chars_count`"),
        name::THROUGHPUT_CYCLES => Some("give the benchmark `cycles_count`"),
        name::THROUGHPUT_PER_THREAD => Some("it runs on one thread; give it `threads`"),
        _ if name::percentile(metric).is_some() => {
            Some("its iterations are too short to be timed one by one, or too few to tell")
        }
        _ if !parts_per_op(metric).is_empty() && !counts_items => {
            Some("it counts no items; give it `items_count`")
        }
        _ if case.settings.as_ref().is_some_and(|settings| !settings.probes) => {
            Some("the setting `probes` is off")
        }
        _ => None,
    }
}
