//! Names and labels that try to reach past the place where they are shown.

use std::collections::BTreeSet;
use std::fs;

use e2e_tests::{QUICK, Results, bench, case_status, cases, ids, run};

/// What a terminal would obey, or what hides its neighbours.
fn obeyed(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[track_caller]
pub(crate) fn safe_for_a_terminal(text: &str) {
    let bad: Vec<char> = text.chars().filter(|c| obeyed(*c)).collect();
    assert!(bad.is_empty(), "{bad:?} in {text:?}");
}

#[test]
fn tables_and_lists_do_not_let_them_through() {
    let results = Results::new();
    let binary = bench("targets", "hostile");
    for arguments in [
        &QUICK[..],
        &["--list"],
        &["--list", "--format", "terse"],
        &["--test", "--output-format", "terse"],
        &["--test", "--output-format", "bencher"],
        &["--explain", "etc/passwd"],
    ] {
        let outcome = run(&binary, results.path(), arguments);
        outcome.expect_code(0);
        safe_for_a_terminal(&outcome.stdout);
        safe_for_a_terminal(&outcome.stderr);
    }
}

#[test]
fn one_line_of_the_table_is_one_case() {
    let results = Results::new();
    let outcome = run(&bench("targets", "hostile"), results.path(), QUICK);
    outcome.expect_code(0);
    for line in outcome.stdout.lines() {
        assert!(line.chars().count() <= 110, "{} characters: {line}", line.chars().count());
    }
    outcome.expect_stdout(&["<script>alert(1)</script>", "21 measured"]);
}

#[test]
fn nextest_can_read_the_list_and_select_every_line_of_it() {
    let results = Results::new();
    let binary = bench("targets", "hostile");
    let outcome = run(&binary, results.path(), ["--list", "--format", "terse"]);
    let listed: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(listed.len(), 21);
    let mut distinct = BTreeSet::new();
    for line in listed {
        let id = line.strip_suffix(": benchmark").unwrap_or_else(|| panic!("{line}"));
        assert!(distinct.insert(id.to_owned()), "{id} twice");
        run(&binary, results.path(), ["--test", "--exact", id]).expect_code(0);
        let record = results.latest();
        assert_eq!(cases(&record).len(), 1, "{id}: {:?}", ids(&record));
        assert_eq!(case_status(&record, &ids(&record)[0]), "measured");
    }
}

#[test]
fn nothing_is_written_outside_of_the_run_folder() {
    let results = Results::new();
    let inner = results.path().join("inner");
    fs::create_dir(&inner).unwrap();
    run(&bench("targets", "hostile"), &inner, QUICK).expect_code(0);
    let outside: Vec<_> = fs::read_dir(results.path()).unwrap().flatten().collect();
    assert_eq!(outside.len(), 1, "{outside:?}");
}

#[test]
fn labels_are_cut_and_stay_distinct() {
    let results = Results::new();
    run(&bench("targets", "hostile"), results.path(), ["--test", "::labels"]).expect_code(0);
    let record = results.latest();
    assert_eq!(cases(&record).len(), 10);
    for case in cases(&record) {
        let label = case["args"][0].as_str().unwrap();
        assert!(label.len() <= 64, "{} bytes: {label}", label.len());
        assert!(!label.chars().any(char::is_control), "{label:?}");
    }
    let distinct: BTreeSet<String> = ids(&record).into_iter().collect();
    assert_eq!(distinct.len(), 10);
}
