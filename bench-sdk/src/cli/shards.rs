//! Whether runs are parts of one, and that one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::failure::Failure;
use crate::analysis::pool;
use crate::harness::shortened;
use crate::record::{Note, RunRecord};

/// A run, and what the user calls it.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    pub(super) name: String,
    pub(super) record: RunRecord,
}

/// One run of all; a failure where they are no parts of one, or not all of its parts.
pub(super) fn merge(mut shards: Vec<Shard>) -> Result<RunRecord, Failure> {
    // The same run given twice is one run.
    let mut seen: Vec<RunRecord> = Vec::new();
    shards.retain(|shard| {
        let is_new = !seen.contains(&shard.record);
        seen.push(shard.record.clone());
        is_new
    });
    same_build(&shards)?;
    no_case_twice(&shards)?;
    all_partitions(&shards)?;
    let mut notes = differences(&shards);
    let started_at = shards.iter().map(|shard| shard.record.run.started_at.clone()).min();
    let records = shards.into_iter().map(|shard| shard.record);
    let Some(mut merged) = records.reduce(pool) else {
        return Err(Failure::usage("there is nothing to merge"));
    };
    merged.run.started_at = started_at.unwrap_or_default();
    merged.run.partition = None;
    merged.run.notes.append(&mut notes);
    Ok(merged)
}

/// What the same build has in common; `None` where a record does not tell.
fn build_of(record: &RunRecord) -> [(&'static str, Option<Value>); 7] {
    let environment = &record.environment;
    let build = &environment.build;
    let told = |list: &[String]| Some(json!(list.join(" "))).filter(|_| !list.is_empty());
    [
        ("commit", environment.git_commit.as_ref().map(|commit| json!(commit))),
        ("compiler", environment.rustc.as_ref().map(|rustc| json!(rustc))),
        ("mode", Some(json!(record.run.mode))),
        ("optimisation", Some(json!(record.run.optimized))),
        ("profile", build.profile.as_ref().map(|profile| json!(profile))),
        ("instruction sets", told(&build.target_features)),
        ("rustflags", told(&build.rustflags)),
    ]
}

/// Refuses runs of different builds: their figures in one record would be compared as if they were
/// of one.
fn same_build(shards: &[Shard]) -> Result<(), Failure> {
    let Some((first, others)) = shards.split_first() else { return Ok(()) };
    for other in others {
        let pairs = build_of(&first.record).into_iter().zip(build_of(&other.record));
        for ((what, one), (_, another)) in pairs {
            if let (Some(one), Some(another)) = (one, another)
                && one != another
            {
                return Err(Failure::new(format!(
                    "{} and {} are of different builds: {what} {} and {}",
                    first.name,
                    other.name,
                    shown(&one),
                    shown(&another)
                ))
                .help("measure all parts with executables of one commit, built alike"));
            }
        }
    }
    Ok(())
}

fn no_case_twice(shards: &[Shard]) -> Result<(), Failure> {
    let mut known = BTreeMap::new();
    for shard in shards {
        for case in &shard.record.cases {
            match known.insert(case.id.clone(), (&shard.name, case)) {
                Some((name, before)) if before != case => {
                    return Err(Failure::new(format!(
                        "`{}` is in {name} and in {}, with different figures",
                        shortened(case.id.as_str()),
                        shard.name
                    ))
                    .help("parts have no case in common: --partition 1/2 here, 2/2 there"));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Partition `k` of `n`, and what the user calls it.
type Part<'a> = (u32, u32, &'a str);

/// Where runs are partitions, all of them have to be there, each once.
fn all_partitions(shards: &[Shard]) -> Result<(), Failure> {
    let mut targets: BTreeMap<(&str, &str), Vec<Part<'_>>> = BTreeMap::new();
    for Shard { name, record } in shards {
        if let Some((k, n)) = record.run.partition.as_deref().and_then(partition) {
            let target = (record.run.package.as_str(), record.run.target.as_str());
            targets.entry(target).or_default().push((k, n, name));
        }
    }
    for ((package, target), parts) in targets {
        let of = shortened(&format!("{package}/{target}"));
        let Some((_, n, first)) = parts.first().copied() else { continue };
        if let Some((k, other, name)) = parts.iter().find(|(_, other, _)| *other != n) {
            return Err(Failure::new(format!(
                "{first} is one of {n} partitions of {of}, and {name} is {k}/{other}"
            )));
        }
        let mut present = BTreeSet::new();
        if let Some((k, _, name)) = parts.iter().find(|(k, _, _)| !present.insert(*k)) {
            return Err(Failure::new(format!("partition {k}/{n} of {of} is there twice: {name}")));
        }
        let missing: Vec<String> =
            (1..=n).filter(|k| !present.contains(k)).take(5).map(|k| format!("{k}/{n}")).collect();
        if !missing.is_empty() {
            return Err(Failure::new(format!(
                "of {of} there is no partition {}",
                missing.join(", ")
            ))
            .help("give the runs of all machines; each leaves one, even if it has no case"));
        }
    }
    Ok(())
}

fn partition(text: &str) -> Option<(u32, u32)> {
    let (k, n) = text.split_once('/')?;
    Some((k.parse().ok()?, n.parse().ok()?))
}

/// Remarks on what differs and need not be a mistake.
fn differences(shards: &[Shard]) -> Vec<Note> {
    let mut notes = Vec::new();
    let values = |of: fn(&RunRecord) -> Option<String>| {
        let found: BTreeSet<String> = shards.iter().filter_map(|shard| of(&shard.record)).collect();
        found.into_iter().collect::<Vec<_>>()
    };
    let machine: [(&str, Vec<String>); 4] = [
        ("processor", values(|record| record.environment.cpu.clone())),
        ("processors", values(|record| record.environment.cpus.map(|cpus| cpus.to_string()))),
        ("kernel", values(|record| record.environment.kernel.clone())),
        ("governor", values(|record| record.environment.governor.clone())),
    ];
    let different: Vec<String> = machine
        .iter()
        .filter(|(_, values)| values.len() > 1)
        .map(|(what, values)| format!("{what} {}", shortened(&values.join(" and "))))
        .collect();
    if !different.is_empty() {
        let text = format!(
            "measured on different machines, {}: times of cases from different ones do not compare",
            different.join("; ")
        );
        notes.push(Note::warning("machines_differ", text));
    }
    if shards.iter().any(|shard| shard.record.environment.git_dirty == Some(true)) {
        let text = "there were uncommitted changes: whether all parts had the same is not known";
        notes.push(Note::remark("merged_dirty", text));
    }
    notes
}

fn shown(value: &Value) -> String {
    shortened(value.as_str().unwrap_or(&value.to_string()))
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn shard(name: &str, partition: Option<&str>, cases: &[(&str, f64)]) -> Shard {
        let cases: Vec<Value> = cases
            .iter()
            .map(|(id, ns)| {
                json!({
                    "id": id, "crate": "a", "group": "", "name": id, "args": [], "tags": [],
                    "source": {"file": "", "line": 0}, "status": "measured", "notes": [],
                    "metrics": {"time": {"unit": "ns", "better": "lower", "estimate": ns}},
                })
            })
            .collect();
        let record = json!({
            "schema": 1,
            "run": {"id": name, "started_at": name, "duration_ns": 1, "mode": "full", "seed": 1,
                    "launches": 1, "optimized": true, "package": "p", "target": "t",
                    "registered": 3, "partition": partition},
            "environment": {"cpu": "A", "git_commit": "c1"},
            "cases": cases,
        });
        let record = serde_json::from_value(record).unwrap_or_else(|error| panic!("{error}"));
        Shard { name: name.to_owned(), record }
    }

    fn ids(record: &RunRecord) -> Vec<&str> {
        record.cases.iter().map(|case| case.id.as_str()).collect()
    }

    fn refusal(shards: Vec<Shard>) -> String {
        merge(shards).err().map(|failure| failure.to_string()).unwrap_or_default()
    }

    #[test]
    fn all_partitions_make_one_run() {
        let shards = vec![
            shard("2", Some("2/3"), &[("z", 1.0)]),
            shard("1", Some("1/3"), &[("x", 1.0), ("y", 2.0)]),
            shard("3", Some("3/3"), &[]),
        ];
        let merged = merge(shards).unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(ids(&merged), ["x", "y", "z"]);
        assert_eq!((merged.run.partition, merged.run.registered), (None, 3));
        assert_eq!((merged.run.started_at.as_str(), merged.run.duration_ns), ("1", 3));
        assert!(merged.run.notes.is_empty());
    }

    #[test]
    fn missing_and_doubled_partitions_are_named() {
        let one = || shard("1", Some("1/3"), &[("x", 1.0)]);
        let missing = refusal(vec![one(), shard("2", Some("3/3"), &[])]);
        assert!(missing.contains("of p/t there is no partition 2/3"), "{missing}");
        let twice = refusal(vec![one(), shard("2", Some("1/3"), &[("y", 1.0)])]);
        assert!(twice.contains("partition 1/3 of p/t is there twice: 2"), "{twice}");
        let other = refusal(vec![one(), shard("2", Some("2/2"), &[])]);
        assert!(other.contains("1 is one of 3 partitions of p/t, and 2 is 2/2"), "{other}");
    }

    #[test]
    fn a_case_twice_is_refused_unless_it_is_the_same() {
        let one = || shard("1", None, &[("x", 1.0)]);
        let twice = refusal(vec![one(), shard("2", None, &[("x", 2.0)])]);
        assert!(twice.contains("`x` is in 1 and in 2, with different figures"), "{twice}");
        let same = merge(vec![one(), shard("2", None, &[("x", 1.0), ("y", 1.0)])]);
        assert_eq!(same.map(|merged| ids(&merged).len()), Ok(2));
        let again = merge(vec![one(), one()]).map(|merged| merged.run.duration_ns);
        assert_eq!(again, Ok(1));
    }

    #[test]
    fn other_builds_are_refused_and_other_machines_are_told() {
        let one = || shard("1", None, &[("x", 1.0)]);
        let mut other = shard("2", None, &[("y", 1.0)]);
        other.record.environment.git_commit = Some("c2".to_owned());
        let refused = refusal(vec![one(), other.clone()]);
        assert!(refused.contains("1 and 2 are of different builds: commit c1 and c2"), "{refused}");
        other.record.environment.git_commit = None;
        other.record.environment.cpu = Some("B".to_owned());
        let notes = merge(vec![one(), other]).map(|merged| merged.run.notes).unwrap_or_default();
        assert!(notes.iter().any(|note| note.text.contains("processor A and B")), "{notes:?}");
    }
}
