//! JUnit's XML, which every CI system shows.

use super::csv::status;
use super::escape::escape_output_line;
use super::tracked::has_figures;
use super::tree::Place;
use super::xml::{push_attribute, push_text};
use crate::record::{CaseRecord, Growth, RunRecord, ScalingRecord, Status, metric_name};

/// A case as JUnit knows it.
struct TestCase {
    crate_name: String,
    class: String,
    name: String,
    /// Time of an iteration, in seconds.
    seconds: Option<f64>,
    trouble: Option<Trouble>,
    output: String,
}

/// Why a case is no success.
struct Trouble {
    tag: &'static str,
    /// The word for programs.
    kind: &'static str,
    message: String,
}

/// One suite for each crate; the time of a test case is that of one iteration, in seconds.
pub(super) fn render_junit(record: &RunRecord) -> String {
    let cases = test_cases(record);
    let mut crates: Vec<&str> = cases.iter().map(|case| case.crate_name.as_str()).collect();
    crates.sort_unstable();
    crates.dedup();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    let name = [&record.run.target, &record.run.package].into_iter().find(|name| !name.is_empty());
    push_attribute(&mut out, "name", name.map_or("benchmarks", |name| name.as_str()));
    push_count(&mut out, "tests", cases.len());
    push_count(&mut out, "failures", tagged(&cases, "failure"));
    push_count(&mut out, "errors", tagged(&cases, "error"));
    push_attribute(&mut out, "time", &seconds(record.run.duration_ns as f64));
    out.push_str(">\n");
    for crate_name in crates {
        let of_crate: Vec<&TestCase> =
            cases.iter().filter(|case| case.crate_name == crate_name).collect();
        push_suite(&mut out, record, crate_name, &of_crate);
    }
    out.push_str("</testsuites>\n");
    out
}

/// Cases, benchmarks that gave none, and promised growths that are exceeded.
fn test_cases(record: &RunRecord) -> Vec<TestCase> {
    let mut cases: Vec<TestCase> = record.cases.iter().map(of_case).collect();
    for skipped in &record.run.skipped {
        let id = skipped.id.as_str();
        let (crate_name, name) = id.split_once("::").unwrap_or(("", id));
        cases.push(TestCase {
            crate_name: crate_name.to_owned(),
            class: crate_name.to_owned(),
            name: name.to_owned(),
            seconds: None,
            trouble: Some(Trouble {
                tag: "skipped",
                kind: "skipped",
                message: skipped.reason.clone(),
            }),
            output: String::new(),
        });
    }
    cases.extend(record.scaling.iter().filter(|fit| fit.is_exceeded()).map(|fit| {
        let case = fit.points.first().and_then(|point| record.case(point.case.as_str()));
        of_growth(fit, case)
    }));
    cases
}

fn of_case(case: &CaseRecord) -> TestCase {
    let place = Place::of(case);
    let time = case.metric(metric_name::TIME).filter(|_| has_figures(case));
    TestCase {
        crate_name: case.crate_name.clone(),
        class: class(&case.crate_name, &case.group),
        name: format!("{}{}", place.name, place.suffix),
        seconds: time.map(|time| time.estimate / 1e9).filter(|seconds| seconds.is_finite()),
        trouble: trouble(case),
        output: lines(case.output.as_deref().unwrap_or_default()),
    }
}

/// A growth belongs to several cases and to none of them.
fn of_growth(fit: &ScalingRecord, case: Option<&CaseRecord>) -> TestCase {
    let (promised, found) = (fit.complexity.map_or("?", Growth::name), fit.chosen);
    let found = found.map_or("?", Growth::name);
    let (crate_name, group) =
        case.map_or(("", ""), |case| (case.crate_name.as_str(), case.group.as_str()));
    TestCase {
        crate_name: crate_name.to_owned(),
        class: class(crate_name, group),
        name: format!("{} growth", fit.id),
        seconds: None,
        trouble: Some(Trouble {
            tag: "failure",
            kind: "growth_exceeded",
            message: format!("grows as {found} and promises {promised}"),
        }),
        output: String::new(),
    }
}

fn class(crate_name: &str, group: &str) -> String {
    let parts = [crate_name, group].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("::")
}

/// What a benchmark itself did wrong is a failure; a process that ended or hung is an error.
fn trouble(case: &CaseRecord) -> Option<Trouble> {
    let tag = match case.status {
        Status::Measured => return None,
        Status::Panicked | Status::Failed | Status::BudgetFailed => "failure",
        Status::Died | Status::TimedOut => "error",
        Status::Skipped => "skipped",
    };
    let message = lines(case.message.as_deref().unwrap_or_default());
    Some(Trouble { tag, kind: status(case.status), message })
}

/// What a program printed, without its colours.
fn lines(text: &str) -> String {
    text.lines().map(escape_output_line).collect::<Vec<_>>().join("\n")
}

fn push_suite(out: &mut String, record: &RunRecord, crate_name: &str, cases: &[&TestCase]) {
    let tagged = |tag: &str| {
        let has = |case: &&&TestCase| case.trouble.as_ref().is_some_and(|it| it.tag == tag);
        cases.iter().filter(has).count()
    };
    out.push_str("  <testsuite");
    let name = if crate_name.is_empty() { "benchmarks" } else { crate_name };
    push_attribute(out, "name", name);
    push_count(out, "tests", cases.len());
    push_count(out, "failures", tagged("failure"));
    push_count(out, "errors", tagged("error"));
    push_count(out, "skipped", tagged("skipped"));
    push_attribute(out, "timestamp", &record.run.started_at);
    out.push_str(">\n");
    for case in cases {
        push_case(out, case);
    }
    out.push_str("  </testsuite>\n");
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

fn push_count(out: &mut String, name: &str, count: usize) {
    push_attribute(out, name, &count.to_string());
}

fn tagged(cases: &[TestCase], tag: &str) -> usize {
    cases.iter().filter(|case| case.trouble.as_ref().is_some_and(|it| it.tag == tag)).count()
}

/// Nanoseconds as seconds, never with an exponent.
fn seconds(ns: f64) -> String {
    (ns / 1e9).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{measured, mixed_run, run_of};
    use super::*;
    use crate::record::{CaseId, ComplexityVerdict, ScalingKind, ScalingPoint};

    #[test]
    fn a_suite_for_each_crate() {
        let mut record = mixed_run();
        record.cases[3].output = None;
        assert_eq!(
            render_junit(&record),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="hub" tests="7" failures="2" errors="1" time="24.3">
  <testsuite name="hub_agents" tests="2" failures="0" errors="0" skipped="0" timestamp="2026-01-01T12:00:00Z">
    <testcase classname="hub_agents::registry" name="create" time="0.00000099997"/>
    <testcase classname="hub_agents::registry" name="noop" time="0.0000000001"/>
  </testsuite>
  <testsuite name="hub_data" tests="4" failures="2" errors="1" skipped="1" timestamp="2026-01-01T12:00:00Z">
    <testcase classname="hub_data" name="ingest[1000]">
      <failure type="panicked" message="index out of bounds: the len is 3 but the index is 7">index out of bounds: the len is 3 but the index is 7
at src/ingest.rs:12</failure>
      <system-out>loading 1000 rows
    done \u{1b}[2J</system-out>
    </testcase>
    <testcase classname="hub_data" name="ingest[1000000]">
      <error type="timed_out" message="still running after 60 s">still running after 60 s</error>
    </testcase>
    <testcase classname="hub_data" name="parse" time="0.012345678">
      <failure type="budget_failed" message="median &lt; 10ms: the median is 12.35 ms">median &lt; 10ms: the median is 12.35 ms</failure>
    </testcase>
    <testcase classname="hub_data" name="upload">
      <skipped message="needs a network"/>
    </testcase>
  </testsuite>
  <testsuite name="hub_neural" tests="1" failures="0" errors="0" skipped="1" timestamp="2026-01-01T12:00:00Z">
    <testcase classname="hub_neural" name="train">
      <skipped message="its argument list is empty"/>
    </testcase>
  </testsuite>
</testsuites>
"#
        );
    }

    #[test]
    fn a_growth_that_is_exceeded_is_a_failure() {
        let mut record = run_of(vec![measured("a", "b", "sort[10]", 100.0, 1.0)]);
        record.scaling.push(ScalingRecord {
            id: CaseId::from("a::b::sort"),
            kind: ScalingKind::Growth,
            arg: None,
            threads: None,
            points: vec![ScalingPoint {
                case: CaseId::from("a::b::sort[10]"),
                n: 10.0,
                time_ns: 100.0,
                low_ns: None,
                high_ns: None,
            }],
            models: Vec::new(),
            chosen: Some(Growth::Quadratic),
            ambiguous: false,
            law: None,
            complexity: Some(Growth::Linear),
            verdict: Some(ComplexityVerdict::Exceeded),
            reason: None,
        });
        let text = render_junit(&record);
        assert!(text.contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""), "{text}");
        assert!(text.contains("<failure type=\"growth_exceeded\" message=\"grows as n^2 and promises n\">"));
    }

    #[test]
    fn names_cannot_leave_their_attributes() {
        let name = "\"/><script>alert(1)</script>\u{1b}[31m\n&";
        let text = render_junit(&run_of(vec![measured("a", "", name, 1.0, 0.1)]));
        assert!(
            text.contains(
                "name=\"&quot;/&gt;&lt;script&gt;alert(1)&lt;/script&gt;[31m&#10;&amp;\""
            ),
            "{text}"
        );
    }
}
