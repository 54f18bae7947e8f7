//! Records of several processes, or machines, as one.

use super::scaling::fit_scaling;
use super::summary::Conditions;
use super::usage::common_absences;
use crate::record::{Mode, Note, RunHeader, RunRecord, Skipped};

/// What stands between the names of packages and targets that have one run together.
const BETWEEN: &str = ", ";

/// One run of both: it keeps name and start of the former. A case that both have is taken from the
/// newer; what is fitted to several cases is fitted anew.
pub(crate) fn pool(mut before: RunRecord, mut newer: RunRecord) -> RunRecord {
    for record in [&mut before, &mut newer] {
        // What no case of one has, cases of the other may have.
        let absent = std::mem::take(&mut record.run.absent);
        for case in record.cases.iter_mut().filter(|case| !case.status.is_broken()) {
            for (metric, reason) in &absent {
                case.absent.entry(metric.clone()).or_insert_with(|| reason.clone());
            }
        }
    }
    let mut run = header(before.run, newer.run);
    let mut cases = newer.cases;
    let known: std::collections::BTreeSet<_> = cases.iter().map(|case| case.id.clone()).collect();
    cases.extend(before.cases.into_iter().filter(|case| !known.contains(&case.id)));
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    run.absent = common_absences(&mut cases);
    let conditions = Conditions { optimized: run.optimized, test: run.mode == Mode::Test };
    let scaling = fit_scaling(&cases, conditions, run.seed);
    RunRecord { schema: newer.schema, run, environment: newer.environment, cases, scaling }
}

fn header(before: RunHeader, newer: RunHeader) -> RunHeader {
    let is_known = has(&before.package, &newer.package) && has(&before.target, &newer.target);
    RunHeader {
        id: before.id,
        started_at: before.started_at,
        duration_ns: before.duration_ns.saturating_add(newer.duration_ns),
        mode: newer.mode,
        seed: newer.seed,
        launches: before.launches.max(newer.launches),
        optimized: before.optimized && newer.optimized,
        registered: if is_known {
            before.registered.max(newer.registered)
        } else {
            before.registered.saturating_add(newer.registered)
        },
        package: both(before.package, &newer.package),
        target: both(before.target, &newer.target),
        interrupted: before.interrupted || newer.interrupted,
        partition: if before.partition == newer.partition { newer.partition } else { None },
        anchor_ns: newer.anchor_ns.or(before.anchor_ns),
        absent: newer.absent,
        skipped: union(before.skipped, newer.skipped, |a: &Skipped, b| a.id == b.id),
        notes: union(before.notes, newer.notes, |a: &Note, b| a.code == b.code),
        failed_reporters: union(before.failed_reporters, newer.failed_reporters, String::eq),
    }
}

/// Whether the name is one of those.
fn has(names: &str, name: &str) -> bool {
    names.split(BETWEEN).any(|known| known == name)
}

fn both(before: String, newer: &str) -> String {
    newer
        .split(BETWEEN)
        .fold(before, |names, name| if has(&names, name) { names } else { names + BETWEEN + name })
}

/// All of the newer, and those before that are none of them.
fn union<T>(before: Vec<T>, newer: Vec<T>, same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut all: Vec<T> =
        before.into_iter().filter(|old| !newer.iter().any(|new| same(old, new))).collect();
    all.extend(newer);
    all
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test may fail by panicking")]
mod tests {
    use super::super::fixture::{case, case_with};
    use super::*;
    use crate::record::{CaseId, CaseRecord, metric_name as name};

    fn run(id: &str, target: &str, cases: Vec<CaseRecord>) -> RunRecord {
        let run = serde_json::json!({
            "id": id, "started_at": "", "duration_ns": 5, "mode": "full", "seed": 1,
            "launches": 3, "optimized": true, "package": "p", "target": target, "registered": 4
        });
        RunRecord {
            schema: 1,
            run: serde_json::from_value(run).unwrap_or_else(|error| panic!("{error}")),
            environment: crate::record::Environment::default(),
            cases,
            scaling: Vec::new(),
        }
    }

    fn named(id: &str, time_ns: f64) -> CaseRecord {
        CaseRecord { id: CaseId::from(id.to_owned()), ..case_with(name::TIME, time_ns, None) }
    }

    #[test]
    fn nothing_is_lost_or_doubled() {
        let before = run("first", "a", vec![named("x", 1.0), named("z", 2.0)]);
        let newer = run("second", "b", vec![named("y", 3.0), named("z", 4.0)]);
        let pooled = pool(before, newer);
        let cases: Vec<_> = pooled.cases.iter().map(|case| case.id.as_str()).collect();
        assert_eq!(cases, ["x", "y", "z"]);
        assert_eq!(pooled.cases[2].metric(name::TIME).map(|time| time.estimate), Some(4.0));
        let run = pooled.run;
        assert_eq!((run.id.as_str(), run.target.as_str()), ("first", "a, b"));
        assert_eq!((run.duration_ns, run.registered), (10, 8));
    }

    #[test]
    fn the_same_target_again_registers_nothing_new() {
        let two = pool(run("1", "a", Vec::new()), run("2", "b", Vec::new()));
        let three = pool(two, run("3", "b", Vec::new()));
        assert_eq!((three.run.target.as_str(), three.run.registered), ("a, b", 8));
        assert_eq!(three.run.package, "p");
    }

    #[test]
    fn what_one_lacks_stays_with_its_cases() {
        let mut before = run("1", "a", vec![named("x", 1.0)]);
        before.run.absent.insert("energy".to_owned(), "no RAPL".to_owned());
        let newer = run("2", "a", vec![CaseRecord { id: CaseId::from("y".to_owned()), ..case() }]);
        let pooled = pool(before.clone(), newer);
        assert!(pooled.run.absent.is_empty());
        assert_eq!(pooled.cases[0].absent["energy"], "no RAPL");
        let again = pool(before.clone(), before);
        assert_eq!(again.run.absent["energy"], "no RAPL");
        assert!(again.cases[0].absent.is_empty());
    }
}
