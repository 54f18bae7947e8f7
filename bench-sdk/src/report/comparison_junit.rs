//! A comparison as the XML of `JUnit`: what regressed is a failure.

use super::comparison_words::{against_threshold, change, figures, interval, undecided};
use super::escape::escape;
use super::junit_suite::{TestCase, Trouble, junit_xml, plain_lines};
use crate::record::{CaseComparison, CaseId, ComparisonRecord, Side, Verdict, metric_name};

/// One suite for each crate, a test case for each metric of each case. What fails the gate is a
/// failure, what broke an error, and what could not be judged is skipped.
pub(super) fn render_comparison_junit(record: &ComparisonRecord) -> String {
    let mut cases: Vec<TestCase> =
        record.comparisons.iter().map(|comparison| compared(record, comparison)).collect();
    for broken in &record.broken {
        let side = match broken.side {
            Side::Baseline => "baseline",
            Side::Candidate => "candidate",
        };
        let message = format!("in the {side}: {}", plain_lines(&broken.message));
        let trouble = Trouble { tag: "error", kind: "broken", message };
        cases.push(case(&broken.id, "", Some(trouble)));
    }
    let missing = Trouble {
        tag: "skipped",
        kind: "skipped",
        message: "the candidate does not have it".to_owned(),
    };
    let gone = record.only_in_baseline.iter();
    cases.extend(gone.map(|id| case(id, "", Some(missing.clone()))));
    junit_xml("gate", record.duration_ns, None, &cases)
}

fn compared(record: &ComparisonRecord, comparison: &CaseComparison) -> TestCase {
    let (tag, kind) = match comparison.verdict {
        _ if comparison.fails() => ("failure", "regressed"),
        Verdict::Inconclusive => ("skipped", "inconclusive"),
        Verdict::NotComparable => ("skipped", "not_comparable"),
        Verdict::Regressed | Verdict::Improved | Verdict::Equivalent => ("", ""),
    };
    let words = words(record, comparison);
    let is_trouble = !tag.is_empty();
    let trouble = is_trouble.then(|| Trouble { tag, kind, message: words.clone() });
    let metric = match comparison.metric.as_str() {
        metric_name::TIME => "",
        other => other,
    };
    let mut case = case(&comparison.id, metric, trouble);
    if !is_trouble {
        case.output = words;
    }
    case
}

/// `regressed + 3.1 % (+2.7 … +3.5), 812 ns → 837 ns`, and a line for each reason.
fn words(record: &ComparisonRecord, comparison: &CaseComparison) -> String {
    let mut first = comparison.verdict.words().to_owned();
    let is_comparable = comparison.verdict != Verdict::NotComparable;
    if let Some(ratio) = comparison.ratio.as_ref().filter(|_| is_comparable) {
        first = format!("{first} {}", change(ratio));
        if let Some(interval) = interval(ratio) {
            first = format!("{first} ({interval})");
        }
    }
    if let Some(figures) = figures(comparison) {
        first = format!("{first}, {figures}");
    }
    let mut lines = vec![first];
    if let Some((verdict, threshold)) = comparison.threshold.zip(record.rules.threshold) {
        lines.push(against_threshold(verdict, threshold));
    }
    if comparison.verdict == Verdict::Inconclusive {
        lines.extend(undecided(comparison, record.method));
    }
    lines.extend(comparison.evidence.iter().map(|line| escape(line)));
    lines.extend(comparison.notes.iter().map(|note| escape(&note.text)));
    lines.join("\n")
}

/// The crate is what stands before the first `::`, the class all but the last part of the path.
fn case(id: &CaseId, metric: &str, trouble: Option<Trouble>) -> TestCase {
    let id = id.as_str();
    let end = id.find(['[', '{', '<']).unwrap_or(id.len());
    let at = id[..end].rfind("::");
    let (class, name) = at.map_or(("", id), |at| (&id[..at], &id[at + 2..]));
    let joint = if metric.is_empty() { "" } else { " " };
    TestCase {
        crate_name: class.split("::").next().unwrap_or_default().to_owned(),
        class: class.to_owned(),
        name: format!("{name}{joint}{metric}"),
        seconds: None,
        trouble,
        output: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::comparison_fixture::{compared as gate, mixed_gate, time};
    use super::*;
    use crate::record::ThresholdVerdict;

    #[test]
    fn what_regressed_is_a_failure() {
        assert_eq!(
            render_comparison_junit(&mixed_gate()),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="gate" tests="10" failures="3" errors="1" time="19.2">
  <testsuite name="a" tests="10" failures="3" errors="1" skipped="4">
    <testcase classname="a" name="huge">
      <failure type="regressed" message="regressed × 12.4 (×11.5 … ×12.9), 1.0 µs → 12.4 µs">regressed × 12.4 (×11.5 … ×12.9), 1.0 µs → 12.4 µs</failure>
    </testcase>
    <testcase classname="a" name="other">
      <skipped message="not comparable, 1.000 ns → 2.00 ns"/>
    </testcase>
    <testcase classname="a" name="same">
      <system-out>equivalent 0.0 % (−0.1 … +0.1), 50.00 ns → 50.00 ns</system-out>
    </testcase>
    <testcase classname="a" name="same leaked">
      <failure type="regressed" message="regressed, 0 B → 64 B">regressed, 0 B → 64 B
memory left behind 0 B → 64 B a call</failure>
    </testcase>
    <testcase classname="a" name="slow">
      <failure type="regressed" message="regressed + 12.0 % (+11.0 … +13.0), 100 ns → 112 ns">regressed + 12.0 % (+11.0 … +13.0), 100 ns → 112 ns
instructions and allocations are the same: layout or microarchitecture?</failure>
    </testcase>
    <testcase classname="a" name="slow peak_rss">
      <skipped message="inconclusive + 17 %, 1.20 MB → 1.40 MB"/>
    </testcase>
    <testcase classname="a" name="slow allocs">
      <system-out>improved − 50 %, 4 → 2</system-out>
    </testcase>
    <testcase classname="a" name="unseen">
      <skipped message="inconclusive, 1.000 s → 1.000 s"/>
    </testcase>
    <testcase classname="a" name="broken">
      <error type="broken" message="in the candidate: panicked: index out of bounds">in the candidate: panicked: index out of bounds
at src/lib.rs:12</error>
    </testcase>
    <testcase classname="a" name="gone">
      <skipped message="the candidate does not have it"/>
    </testcase>
  </testsuite>
</testsuites>
"#
        );
    }

    #[test]
    fn under_the_threshold_nothing_fails() {
        let mut slow = time("a::b::c[1::2]", Verdict::Regressed, [3.0, 2.0, 4.0], (100.0, 103.0));
        slow.threshold = Some(ThresholdVerdict::Under);
        let mut record = gate(vec![slow]);
        record.rules.threshold = Some(0.05);
        let text = render_comparison_junit(&record);
        assert!(text.contains("failures=\"0\"") && text.contains("under the threshold of 5 %"));
        assert!(text.contains("classname=\"a::b\" name=\"c[1::2]\""), "{text}");
    }
}
