//! Says in the record why figures are missing that follow from others, or need many iterations.

use std::collections::BTreeMap;

use super::usage::{PER_OP, items};
use crate::bencher::LaunchSamples;
use crate::record::{CaseRecord, metric_name as name};
use crate::stats::values_needed;

/// Figures, and what each follows from.
const FOLLOWING: [(&[&str], &str); 5] = [
    (&[name::CPU], name::CPU_USER),
    (&[name::CPU], name::CPU_SYSTEM),
    (&[name::CPU], name::CPU_UTILISATION),
    (&[name::CPU], name::OPS_PER_CPU_SECOND),
    (&[name::INSTRUCTIONS, name::CYCLES], name::IPC),
];

/// Quantiles of latency that every case has where they can be told.
const QUANTILES: [(&str, f64); 3] =
    [(name::TIME_P50, 0.50), (name::TIME_P95, 0.95), (name::TIME_P99, 0.99)];

/// Adds a reason for every such figure that the case lacks.
pub(super) fn explain_gaps(record: &mut CaseRecord, launches: &[LaunchSamples]) {
    let per_op: &[_] = if items(record).is_some() { &PER_OP } else { &[] };
    let following = FOLLOWING.iter().chain(per_op);
    let has = |name: &str| record.metrics.contains_key(name);
    let derived = following.filter_map(|(parts, name)| {
        Some(((*name).to_owned(), without_parts(parts, has, &record.absent)?))
    });
    let timed: Vec<usize> = launches.iter().map(|launch| launch.latencies_ns.len()).collect();
    let quantiles =
        QUANTILES.iter().map(|(name, p)| ((*name).to_owned(), without_quantile(&timed, *p)));
    let reasons: Vec<(String, String)> = derived.chain(quantiles).collect();
    for (name, reason) in reasons {
        if !record.metrics.contains_key(&name) {
            // What the launches themselves said of it is more to the point.
            record.absent.entry(name).or_insert(reason);
        }
    }
}

/// Why what follows from these parts is missing; `None` where that is not known.
fn without_parts(
    parts: &[&str],
    has: impl Fn(&str) -> bool,
    absent: &BTreeMap<String, String>,
) -> Option<String> {
    if parts.iter().all(|part| has(part)) {
        return Some(format!("`{}` is too small to divide by", parts.join("` or `")));
    }
    parts.iter().find_map(|part| absent.get(*part)).cloned()
}

/// Why that quantile of latency cannot be told, from so many iterations timed in each launch.
fn without_quantile(timed: &[usize], p: f64) -> String {
    if timed.contains(&0) {
        return "an iteration is too short to be timed by itself".to_owned();
    }
    let (needed, timed) = (values_needed(p), timed.iter().sum::<usize>());
    format!("it takes {needed} iterations timed one by one, and there are {timed}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_is_absent_for_the_reason_of_its_part() {
        let reason = ("cycles".to_owned(), "no counters".to_owned());
        let absent: BTreeMap<String, String> = [reason].into();
        let parts = [name::INSTRUCTIONS, name::CYCLES];
        let why = |has: fn(&str) -> bool| without_parts(&parts, has, &absent);
        assert_eq!(why(|name| name == "instructions").as_deref(), Some("no counters"));
        let zero = "`instructions` or `cycles` is too small to divide by";
        assert_eq!(why(|_| true).as_deref(), Some(zero));
        assert_eq!(without_parts(&[name::CPU], |_| false, &absent), None);
    }

    #[test]
    fn quantiles_say_what_they_need() {
        assert!(without_quantile(&[900, 0], 0.5).contains("too short"));
        let few = without_quantile(&[300, 99], 0.95);
        assert_eq!(few, "it takes 400 iterations timed one by one, and there are 399");
    }
}
