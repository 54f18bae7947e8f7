//! Test suites as the XML of `JUnit` has them.

use super::escape::escape_output_line;
use super::xml::{push_attribute, push_text};

/// A case as `JUnit` knows it.
pub(super) struct TestCase {
    pub(super) crate_name: String,
    pub(super) class: String,
    pub(super) name: String,
    /// Time of an iteration, in seconds.
    pub(super) seconds: Option<f64>,
    pub(super) trouble: Option<Trouble>,
    pub(super) output: String,
}

/// Why a case is no success.
#[derive(Clone)]
pub(super) struct Trouble {
    /// `failure`, `error` or `skipped`.
    pub(super) tag: &'static str,
    /// The word for programs.
    pub(super) kind: &'static str,
    pub(super) message: String,
}

/// The whole document: a suite for each crate.
pub(super) fn junit_xml(
    name: &str,
    duration_ns: u64,
    timestamp: Option<&str>,
    cases: &[TestCase],
) -> String {
    let mut crates: Vec<&str> = cases.iter().map(|case| case.crate_name.as_str()).collect();
    crates.sort_unstable();
    crates.dedup();
    let all: Vec<&TestCase> = cases.iter().collect();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    push_attribute(&mut out, "name", name);
    push_counts(&mut out, &all, &["failure", "error"]);
    if duration_ns > 0 {
        push_attribute(&mut out, "time", &seconds(duration_ns as f64));
    }
    out.push_str(">\n");
    for crate_name in crates {
        let of_crate: Vec<&TestCase> =
            cases.iter().filter(|case| case.crate_name == crate_name).collect();
        out.push_str("  <testsuite");
        let name = if crate_name.is_empty() { "benchmarks" } else { crate_name };
        push_attribute(&mut out, "name", name);
        push_counts(&mut out, &of_crate, &["failure", "error", "skipped"]);
        if let Some(timestamp) = timestamp {
            push_attribute(&mut out, "timestamp", timestamp);
        }
        out.push_str(">\n");
        for case in of_crate {
            push_case(&mut out, case);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// Cases in all, and those with each kind of trouble.
fn push_counts(out: &mut String, cases: &[&TestCase], tags: &[&str]) {
    push_attribute(out, "tests", &cases.len().to_string());
    for tag in tags {
        let has = |case: &&&TestCase| case.trouble.as_ref().is_some_and(|it| it.tag == *tag);
        let name = if *tag == "skipped" { (*tag).to_owned() } else { format!("{tag}s") };
        push_attribute(out, &name, &cases.iter().filter(has).count().to_string());
    }
}

fn push_case(out: &mut String, case: &TestCase) {
    out.push_str("    <testcase");
    push_attribute(out, "classname", &case.class);
    push_attribute(out, "name", &case.name);
    if let Some(time) = case.seconds {
        push_attribute(out, "time", &time.to_string());
    }
    if case.trouble.is_none() && case.output.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    if let Some(trouble) = &case.trouble {
        push_trouble(out, trouble);
    }
    if !case.output.is_empty() {
        out.push_str("      <system-out>");
        push_text(out, &case.output);
        out.push_str("</system-out>\n");
    }
    out.push_str("    </testcase>\n");
}

/// The first line of the message stands in the attribute, all of it in the text.
fn push_trouble(out: &mut String, trouble: &Trouble) {
    let Trouble { tag, kind, message } = trouble;
    out.push_str("      <");
    out.push_str(tag);
    if *tag != "skipped" {
        push_attribute(out, "type", kind);
    }
    if let Some(first) = message.lines().next() {
        push_attribute(out, "message", first);
    }
    if *tag == "skipped" || message.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push('>');
    push_text(out, message);
    out.push_str("</");
    out.push_str(tag);
    out.push_str(">\n");
}

/// Nanoseconds as seconds, never with an exponent.
fn seconds(ns: f64) -> String {
    (ns / 1e9).to_string()
}

/// What a program printed, without its colours.
pub(super) fn plain_lines(text: &str) -> String {
    text.lines().map(escape_output_line).collect::<Vec<_>>().join("\n")
}
