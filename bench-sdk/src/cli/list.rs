//! `cargo hub-bench list`: the cases of each crate, over all bench binaries.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write;
use std::process::Stdio;

use serde_json::Value;

use super::build::{BuildRequest, build, none_found};
use super::executable::{BenchExecutable, command_for};
use super::failure::{Failure, ended};
use super::main::printed;
use super::options::{BuildArguments, BuildVerb};
use crate::harness::{Exit, UsageError, shortened};
use crate::report::{ListFormat, ListedCase, ListedLoad, escape, render_list};

const HELP: &str = "\
Counts the cases of each crate, over all bench binaries of the workspace.

Usage: cargo hub-bench list [--format FMT] [CARGO OPTIONS] [FILTER]... [-- OPTIONS]

  --format FMT   table (counts, the default), pretty (a tree of all cases), terse, json

A case is listed if its id contains one of the filters; one that is in several bench binaries is
listed once. `cargo hub-bench run --help` tells of cargo's options. What stands behind `--` goes to
every bench binary, such as --tag NAME.
";

/// Columns of a tree.
const WIDTH: usize = 100;

/// A case, and the bench binaries that have it.
type Listed = BTreeMap<String, (ListedCase, BTreeSet<String>)>;

const VERB: BuildVerb = BuildVerb {
    name: "list",
    own: &["format"],
    // Nothing is measured: what selects cases is all that counts.
    hands_over: |name| {
        matches!(name, "exact" | "skip" | "tag" | "ignored" | "include-ignored" | "partition")
    },
};

/// Carries out the verb.
pub(super) fn run(arguments: Vec<OsString>) -> Result<Exit, UsageError> {
    let arguments = BuildArguments::parse(arguments, &VERB)?;
    if arguments.help {
        return Ok(printed(HELP));
    }
    let format = match arguments.value("format").unwrap_or("table") {
        "table" => None,
        name => Some(ListFormat::from_name(name).ok_or_else(|| {
            UsageError::new(format!("`--format`: unknown format `{}`", shortened(name)))
                .help("known: table, pretty, terse, json")
        })?),
    };
    Ok(ended(list(arguments, format)))
}

fn list(arguments: BuildArguments, format: Option<ListFormat>) -> Result<Exit, Failure> {
    let request = BuildRequest::here(arguments.cargo);
    let executables = build(&request)?;
    if executables.is_empty() {
        return Err(none_found(&request));
    }
    let mut listed = Listed::new();
    let mut loads: BTreeMap<String, ListedLoad> = BTreeMap::new();
    let mut exit = Exit::Success;
    for executable in &executables {
        let flags = arguments.words.iter().chain(&arguments.flags);
        let name = format!("{}/{}", executable.package, executable.target);
        // One that cannot list its cases costs its own, not those of the others.
        let list = list_of(executable, flags).unwrap_or_else(|failure| {
            exit = exit.and(failure.tell());
            Value::Null
        });
        let loads_here = list["load_benches"].as_array().into_iter().flatten().map(listed_load);
        loads.extend(loads_here.map(|load| (load.id.clone(), load)));
        for case in list["cases"].as_array().into_iter().flatten().map(listed_case) {
            let entry = listed.entry(case.id.clone()).or_insert_with(|| (case, BTreeSet::new()));
            entry.1.insert(name.clone());
        }
    }
    let printed = printed(&match format {
        None => table(&listed, executables.len()),
        Some(format) => {
            let cases: Vec<ListedCase> = listed.into_values().map(|(case, _)| case).collect();
            let loads: Vec<ListedLoad> = loads.into_values().collect();
            render_list(&cases, &loads, format, WIDTH, false)
        }
    });
    Ok(exit.and(printed))
}

/// Asks a bench binary for its cases and load benches.
pub(super) fn list_of<'a>(
    executable: &BenchExecutable,
    flags: impl Iterator<Item = &'a OsString>,
) -> Result<Value, Failure> {
    let mut command = command_for(executable);
    command.args(["--list", "--format", "json"]).args(flags);
    let failed = |what: String| {
        let BenchExecutable { package, target, .. } = executable;
        Failure::new(format!("the bench binary {package}/{target} does not list its cases: {what}"))
    };
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

fn line(source: &Value) -> u32 {
    source["line"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

fn listed_load(load: &Value) -> ListedLoad {
    ListedLoad {
        id: text(&load["id"]),
        crate_name: text(&load["crate"]),
        tags: texts(&load["tags"]),
        file: text(&load["source"]["file"]),
        line: line(&load["source"]),
        ignored: load["ignored"].as_str().map(str::to_owned),
        code_hash: text(&load["code_hash"]),
    }
}

fn listed_case(case: &Value) -> ListedCase {
    ListedCase {
        id: text(&case["id"]),
        crate_name: text(&case["crate"]),
        group: text(&case["group"]),
        name: text(&case["name"]),
        args: texts(&case["args"]),
        tags: texts(&case["tags"]),
        file: text(&case["source"]["file"]),
        line: line(&case["source"]),
        ignored: case["ignored"].as_str().map(str::to_owned),
        code_hash: text(&case["code_hash"]),
    }
}

/// One line a crate: how many cases, how many of them ignored, and in which bench binaries.
fn table(listed: &Listed, binaries: usize) -> String {
    let mut crates: BTreeMap<&str, (usize, usize, BTreeSet<&str>)> = BTreeMap::new();
    for (case, names) in listed.values() {
        let (cases, ignored, binaries) = crates.entry(&case.crate_name).or_default();
        *cases += 1;
        *ignored += usize::from(case.ignored.is_some());
        binaries.extend(names.iter().map(String::as_str));
    }
    let width = crates.keys().map(|name| name.chars().count()).max().unwrap_or(0).max(5);
    let mut text = String::new();
    if !crates.is_empty() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{:<width$}   {:>5}   {:>7}   in", "crate", "cases", "ignored");
    }
    for (name, (cases, ignored, binaries)) in &crates {
        let ignored = if *ignored == 0 { "·".to_owned() } else { ignored.to_string() };
        let binaries = escape(&binaries.iter().copied().collect::<Vec<_>>().join(", "));
        let name = escape(name);
        let _ = writeln!(text, "{name:<width$}   {cases:>5}   {ignored:>7}   {binaries}");
    }
    let (cases, crates) = (listed.len(), crates.len());
    let noun = |count: usize, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    if crates > 0 {
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "{} in {}, of {}",
        noun(cases, "case", "cases"),
        noun(crates, "crate", "crates"),
        noun(binaries, "bench binary", "bench binaries")
    );
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn add(listed: &mut Listed, binary: &str, id: &str, ignored: Option<&str>) {
        let crate_name = id.split("::").next().unwrap_or_default();
        let case = super::listed_case(&json!({
            "id": id, "crate": crate_name, "args": ["1"], "ignored": ignored,
            "source": {"file": "src/lib.rs", "line": 3},
        }));
        let entry = listed.entry(id.to_owned()).or_insert_with(|| (case, BTreeSet::new()));
        entry.1.insert(binary.to_owned());
    }

    #[test]
    fn cases_are_counted_once_for_each_crate() {
        let mut listed = Listed::new();
        add(&mut listed, "hub/all", "hub_agents::a", None);
        add(&mut listed, "hub/agents", "hub_agents::a", None);
        add(&mut listed, "hub/all", "hub_agents::b", Some(""));
        add(&mut listed, "hub/all", "x::y", None);
        assert_eq!(
            table(&listed, 2),
            "\
crate        cases   ignored   in
hub_agents       2         1   hub/agents, hub/all
x                1         ·   hub/all

3 cases in 2 crates, of 2 bench binaries
"
        );
        assert_eq!(table(&Listed::new(), 1), "0 cases in 0 crates, of 1 bench binary\n");
        let first = listed.values().next().map(|(case, _)| (case.args.clone(), case.line));
        assert_eq!(first, Some((vec!["1".to_owned()], 3)));
    }
}
