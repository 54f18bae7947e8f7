//! The XML of `JUnit`, which every CI system shows.

use super::csv::status;
use super::junit_suite::{TestCase, Trouble, junit_xml, plain_lines};
use super::tracked::has_figures;
use super::tree::Place;
use crate::record::{CaseRecord, Growth, RunRecord, ScalingRecord, Status, metric_name};

/// One suite for each crate; the time of a test case is that of one iteration, in seconds.
pub(super) fn render_junit(record: &RunRecord) -> String {
    let run = &record.run;
    let name = [&run.target, &run.package].into_iter().find(|name| !name.is_empty());
    let name = name.map_or("benchmarks", |name| name.as_str());
    junit_xml(name, run.duration_ns, Some(&run.started_at), &test_cases(record))
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
        output: plain_lines(case.output.as_deref().unwrap_or_default()),
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
    let message = plain_lines(case.message.as_deref().unwrap_or_default());
    Some(Trouble { tag, kind: status(case.status), message })
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
        assert!(text.contains(
            "<failure type=\"growth_exceeded\" message=\"grows as n^2 and promises n\">"
        ));
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
