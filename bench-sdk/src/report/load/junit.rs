//! A load test for what shows test results: a case for each threshold, and one for the run.

use super::judged::judged;
use super::outcome::LoadOutcome;
use crate::record::load::LoadRecord;
use crate::report::junit_suite::{TestCase, Trouble, junit_xml};

/// A suite with the name of the test. The first case is the run itself, so that a run in which
/// everything failed is red with or without thresholds.
pub(super) fn render_junit(record: &LoadRecord) -> String {
    let mut cases = vec![run_case(record)];
    for one in judged(record) {
        let found = one.found_words();
        let mut case = case(record, &format!("{} {}", one.metric, one.condition));
        if one.passed {
            case.output = found;
        } else {
            case.trouble = Some(failure("threshold_failed", format!("found {found}")));
        }
        cases.push(case);
    }
    let timestamp = Some(record.run.started_at.as_str());
    junit_xml(&record.plan.name, record.run.duration_ns, timestamp, &cases)
}

fn run_case(record: &LoadRecord) -> TestCase {
    let outcome = LoadOutcome::of(record);
    let mut case = case(record, "run");
    case.seconds = Some(record.run.duration_ns as f64 / 1e9);
    let words = outcome.words();
    let example = record.errors.first().map(|error| format!("\n{}", error.example));
    case.trouble = match outcome {
        LoadOutcome::NothingEnded | LoadOutcome::AllFailed(_) | LoadOutcome::Aborted(_) => {
            Some(failure("all_failed", words.clone() + &example.unwrap_or_default()))
        }
        LoadOutcome::Interrupted | LoadOutcome::NotPassed => {
            Some(failure("not_passed", words.clone()))
        }
        // Its own cases tell which.
        LoadOutcome::ThresholdsFailed(..) | LoadOutcome::Passed(_) => None,
    };
    if case.trouble.is_none() {
        case.output = words;
        if record.generator.limited {
            let why = record.generator.why.as_deref().unwrap_or_default();
            case.output = format!("generator-limited: {why}\n{}", case.output);
        }
    }
    case
}

fn case(record: &LoadRecord, name: &str) -> TestCase {
    TestCase {
        crate_name: record.plan.name.clone(),
        class: record.plan.name.clone(),
        name: name.to_owned(),
        seconds: None,
        trouble: None,
        output: String::new(),
    }
}

fn failure(kind: &'static str, message: String) -> Trouble {
    Trouble { tag: "failure", kind, message }
}
