//! Records of what another tool measured: what is known, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::{
    Better, CaseId, CaseRecord, Environment, Metric, Mode, Note, RunRecord, SCHEMA, SourceLocation,
    Status, Unit, metric_name,
};
use crate::registry::one_line;
use crate::runner::{HeaderParts, new_header};

/// Fields of the environment that a record of ours always speaks of.
const UNKNOWN: [&str; 12] = [
    "clock",
    "cpu",
    "cpus",
    "git_commit",
    "git_dirty",
    "governor",
    "kernel",
    "load_average",
    "memory_bytes",
    "platform",
    "rustc",
    "virtual_machine",
];

/// A run of these cases, in the order of their ids; `source` names the tool. Its time is that of the
/// import, and what is not known of the environment says so.
pub(super) fn run_of(cases: Vec<CaseRecord>, source: &str) -> RunRecord {
    let cases = numbered(cases);
    let mut run = new_header(HeaderParts {
        mode: Mode::Full,
        seed: Some(0),
        launches: 1,
        optimized: true,
        package: String::new(),
        target: String::new(),
        partition: None,
    });
    run.registered = cases.len() as u32;
    run.notes.push(Note::remark(
        "imported",
        format!(
            "imported from {source}: when, on what machine and by which build it was measured is \
             not known"
        ),
    ));
    let reason = format!("imported from {source}");
    let absent = UNKNOWN.into_iter().map(|field| (field.to_owned(), reason.clone())).collect();
    let environment = Environment { absent, ..Environment::default() };
    RunRecord { schema: SCHEMA, run, environment, cases, scaling: Vec::new() }
}

/// Sorts by id; the second of several equal ones is `#2`, as in runs of ours. Each goes on where the
/// last of its name was: to begin anew would take as many steps as there are before it.
fn numbered(mut cases: Vec<CaseRecord>) -> Vec<CaseRecord> {
    let mut taken: BTreeSet<CaseId> = BTreeSet::new();
    let mut last: BTreeMap<CaseId, u32> = BTreeMap::new();
    for case in &mut cases {
        let number = last.entry(case.id.clone()).or_default();
        let name = case.id.clone();
        loop {
            *number += 1;
            if *number > 1 {
                case.id = CaseId::from(format!("{name}#{number}"));
            }
            if taken.insert(case.id.clone()) {
                break;
            }
        }
    }
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases
}

/// A case of which nothing but its name is known: `group::name[value]`, where the value may end in a
/// number of threads, `{t=4}`.
pub(super) fn case_of(group: &str, name: &str, value: Option<&str>) -> CaseRecord {
    let (group, name, value) = (&one_line(group), &one_line(name), value.map(one_line));
    let value = value.as_deref();
    let (value, threads) = match value.map(split_threads) {
        Some((value, threads)) => (Some(value).filter(|value| !value.is_empty()), threads),
        None => (None, None),
    };
    let joint = if group.is_empty() { "" } else { "::" };
    let mut id = format!("{group}{joint}{name}");
    if let Some(value) = value {
        id = format!("{id}[{value}]");
    }
    if let Some(threads) = threads {
        id = format!("{id}{{t={threads}}}");
    }
    CaseRecord {
        id: CaseId::from(if id.is_empty() { "unnamed".to_owned() } else { id }),
        crate_name: String::new(),
        group: group.to_owned(),
        name: name.to_owned(),
        types: Vec::new(),
        args: value.map(str::to_owned).into_iter().collect(),
        threads,
        tags: Vec::new(),
        source: SourceLocation { file: String::new(), line: 0 },
        complexity: None,
        code_hash: String::new(),
        status: Status::Measured,
        message: None,
        output: None,
        metrics: BTreeMap::new(),
        absent: BTreeMap::new(),
        counters: Vec::new(),
        spread: None,
        smallest_effect: None,
        launches: Vec::new(),
        settings: None,
        notes: Vec::new(),
    }
}

/// `1000{t=4}` is the value `1000` on four threads.
fn split_threads(value: &str) -> (&str, Option<u32>) {
    let split = value.strip_suffix('}').and_then(|rest| rest.rsplit_once("{t="));
    match split.and_then(|(value, threads)| Some((value, threads.parse().ok()?))) {
        Some((value, threads)) => (value, Some(threads)),
        None => (value, None),
    }
}

/// The longest time that is taken for one, in nanoseconds: thirty years.
pub(super) const LONGEST_NS: f64 = 1e18;

/// A time in nanoseconds with its bounds; else what is wrong with it.
pub(super) fn time_metric(estimate_ns: f64, ends: Option<(f64, f64)>) -> Result<Metric, String> {
    if !is_time(estimate_ns) {
        return Err(format!("is {estimate_ns:?} ns, which is no time"));
    }
    let mut time = Metric::point(Unit::Nanoseconds, Better::Lower, estimate_ns);
    let Some((low, high)) = ends else { return Ok(time) };
    if low > high {
        return Err(format!("has a lower bound, {low:?}, above the upper one, {high:?}"));
    }
    // Who adds up in another order gets another last digit.
    let slack = estimate_ns * 1e-9;
    if !(low <= estimate_ns + slack && estimate_ns - slack <= high && high <= 2.0 * LONGEST_NS) {
        return Err(format!("is {estimate_ns:?} and not within its bounds, {low:?} to {high:?}"));
    }
    (time.low, time.high) = (Some(low.max(0.0)), Some(high));
    Ok(time)
}

/// Whether so many nanoseconds can be a time.
pub(super) fn is_time(ns: f64) -> bool {
    (0.0..=LONGEST_NS).contains(&ns)
}

/// Adds a rate of so many a second.
pub(super) fn add_rate(case: &mut CaseRecord, name: &str, per_second: f64) {
    if let Some(metric) = Metric::named(name, per_second).filter(|_| per_second > 0.0) {
        case.metrics.insert(name.to_owned(), metric);
    }
}

/// Sets the time of a case.
pub(super) fn set_time(case: &mut CaseRecord, time: Metric) {
    case.metrics.insert(metric_name::TIME.to_owned(), time);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_says_so() {
        let twin = || case_of("b", "twin", None);
        let run = run_of(vec![twin(), case_of("a", "f", Some("10")), twin()], "libtest");
        let ids: Vec<&str> = run.cases.iter().map(|case| case.id.as_str()).collect();
        assert_eq!(ids, ["a::f[10]", "b::twin", "b::twin#2"]);
        assert_eq!((run.run.registered, run.run.notes.len()), (3, 1));
        assert_eq!(run.run.notes[0].code, "imported");
        assert_eq!(run.environment.cpu, None);
        let why = run.environment.absent.get("cpu").map(String::as_str);
        assert_eq!(why, Some("imported from libtest"));
    }

    #[test]
    fn values_and_threads_come_apart() {
        let case = case_of("g", "f", Some("1000{t=4}"));
        assert_eq!((case.id.as_str(), case.threads), ("g::f[1000]{t=4}", Some(4)));
        assert_eq!(case.args, ["1000"]);
        assert_eq!(case_of("", "f", Some("{t=2}")).id.as_str(), "f{t=2}");
        assert_eq!(case_of("", "f", Some("{t=x}")).id.as_str(), "f[{t=x}]");
        assert_eq!(case_of("", "", None).id.as_str(), "unnamed");
        assert_eq!(case_of("g", "\u{1b}[2J", Some("\n")).id.as_str(), "g::\u{fffd}[2J[\u{fffd}]");
    }

    #[test]
    fn times_that_are_none_are_refused() {
        for bad in [f64::NAN, f64::INFINITY, -1.0, 1e308] {
            assert!(time_metric(bad, None).is_err_and(|why| why.ends_with("ns, which is no time")));
        }
        for odd in [(2.0, 3.0), (0.0, 0.5), (f64::NAN, 3.0), (0.0, 1e308), (0.0, f64::INFINITY)] {
            let why = time_metric(1.0, Some(odd));
            assert!(
                why.is_err_and(|why| why.contains("is 1.0 and not within its bounds")),
                "{odd:?}"
            );
        }
        let reversed = time_metric(2.0, Some((3.0, 1.0)));
        let why = "has a lower bound, 3.0, above the upper one, 1.0";
        assert_eq!(reversed, Err(why.to_owned()));
        let time = time_metric(1.0, Some((-1.0, 3.0)));
        assert_eq!(time.map(|time| (time.low, time.high)), Ok((Some(0.0), Some(3.0))));
    }

    #[test]
    fn equal_names_are_numbered_without_beginning_anew() {
        let named = |name: &str| case_of("", name, None);
        let few = ["a", "a#2", "a", "a", "a#2"].map(named).to_vec();
        let ids = |cases: Vec<CaseRecord>| {
            numbered(cases).into_iter().map(|case| case.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(ids(few), ["a", "a#2", "a#2#2", "a#3", "a#4"]);
        // Some 200 million steps for who begins anew each time: minutes in a build for tests.
        assert_eq!(ids(vec![named("a"); 20_000]).len(), 20_000);
    }
}
