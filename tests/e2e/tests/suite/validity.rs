//! Benches that measure something else than they say are told so; the others are left in peace.

use std::collections::BTreeSet;

use e2e_tests::{Results, bench, cases, run};
use serde_json::Value;

/// What the machine does to a benchmark is not the benchmark's fault: these are never expected.
/// Nor are two groups of times where none were made on purpose: a processor has two speeds, and a
/// virtual one a neighbour, without anybody telling.
const OF_THE_MACHINE: [&str; 5] = ["busy_machine", "noisy", "stolen", "throttled", "bimodal"];
/// What is told of a machine on which anything may drift.
const DISTURBANCES: [&str; 4] = ["busy_machine", "noisy", "stolen", "throttled"];

/// Codes of the warnings on a case.
fn warnings(case: &Value) -> BTreeSet<&str> {
    let notes = case["notes"].as_array().map_or(&[][..], Vec::as_slice);
    let warnings = notes.iter().filter(|note| note["severity"] == "warning");
    warnings.filter_map(|note| note["code"].as_str()).collect()
}

/// What the case was made to be told, in its tags.
fn expected(case: &Value) -> BTreeSet<&str> {
    let tags = case["tags"].as_array().map_or(&[][..], Vec::as_slice);
    tags.iter().filter_map(Value::as_str).collect()
}

/// What was told and should not have been, or the other way round, a line each.
fn errors(record: &Value) -> BTreeSet<String> {
    let mut errors = BTreeSet::new();
    for case in cases(record) {
        let (told, expected) = (warnings(case), expected(case));
        let disturbed = DISTURBANCES.iter().any(|code| told.contains(code));
        let excused =
            |code: &&str| OF_THE_MACHINE.contains(code) || (disturbed && *code == "drifting");
        let wrong = told.difference(&expected).filter(|code| !excused(code));
        errors.extend(wrong.map(|code| format!("{}: told {code}", case["id"])));
        let missing = expected.difference(&told);
        errors.extend(missing.map(|code| format!("{}: not told {code}", case["id"])));
    }
    errors
}

#[test]
fn ten_valid_and_ten_invalid_benches_are_told_apart() {
    let results = Results::new();
    let measure = || {
        let arguments = ["--bench", "--launches", "3"];
        let outcome = run(&bench("validity", "judged"), results.path(), arguments);
        outcome.expect_code(0);
        (results.latest(), outcome)
    };
    let (mut record, mut outcome) = measure();
    // A machine under load can hide what moves, and move what does not: as a person would, the test
    // repeats the run, and what is wrong each time is wrong.
    let mut errors = errors(&record);
    for _ in 0..3 {
        if errors.is_empty() {
            break;
        }
        (record, outcome) = measure();
        let again = self::errors(&record);
        errors.retain(|error| again.contains(error));
    }
    let names: BTreeSet<(&str, &str)> = cases(&record)
        .iter()
        .filter_map(|case| Some((case["group"].as_str()?, case["name"].as_str()?)))
        .collect();
    for group in ["valid", "invalid"] {
        assert_eq!(names.iter().filter(|(of, _)| *of == group).count(), 10, "{group}");
    }
    assert!(errors.is_empty(), "{errors:?}\n{outcome}");
    // The word after the row, and below the table the figures and what to do.
    let row = outcome.stdout.lines().find(|line| line.contains("─ constant_sum"));
    assert!(row.is_some_and(|row| row.ends_with("optimised away")), "{row:?}");
    outcome.expect_stdout(&["10,000 items in", "`black_box`", "off the clock"]);
}
