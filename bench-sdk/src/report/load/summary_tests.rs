//! The summary of each kind of load test, as it is printed.

use std::fmt::Write as _;

use super::fixture::{all_runs, closed_run, failing_run, limited_run, open_run};
use super::render_load_summary;
use crate::record::load::LoadRecord;
use crate::report::TerminalOptions;
use crate::report::escape::width;

fn shown(record: &LoadRecord) -> String {
    render_load_summary(record, &TerminalOptions::default())
}

/// What each run has to look like, in files beside this one.
const SNAPSHOTS: [(&str, &str); 7] = [
    ("open", include_str!("snapshots/open.txt")),
    ("closed", include_str!("snapshots/closed.txt")),
    ("failing", include_str!("snapshots/failing.txt")),
    ("limited", include_str!("snapshots/limited.txt")),
    ("spike", include_str!("snapshots/spike.txt")),
    ("empty", include_str!("snapshots/empty.txt")),
    ("hostile", include_str!("snapshots/hostile.txt")),
];

#[test]
fn each_run_looks_as_it_should() {
    let runs = all_runs();
    assert_eq!(runs.len(), SNAPSHOTS.len());
    let mut changed = String::new();
    for ((name, record), (file, expected)) in runs.iter().zip(SNAPSHOTS) {
        assert_eq!(*name, file);
        let text = shown(record);
        if text != expected.replace('\r', "") {
            let _ = write!(changed, "==== {name} looks like this now:\n{text}");
        }
    }
    assert!(changed.is_empty(), "{changed}====");
}

#[test]
fn narrow_terminals_get_fewer_columns_and_no_wrapped_row() {
    for (name, record) in all_runs() {
        for columns in [20, 33, 47, 60, 80, 100, 140] {
            let options = TerminalOptions { width: columns, ..TerminalOptions::default() };
            let text = render_load_summary(&record, &options);
            for line in text.lines() {
                assert!(width(line) <= columns, "{name} at {columns}: {line}\n{text}");
            }
        }
    }
    let options = TerminalOptions { width: 60, ..TerminalOptions::default() };
    let text = render_load_summary(&open_run(), &options);
    assert!(text.contains("avg      min      med\n"), "{text}");
}

#[test]
fn colour_says_nothing_that_words_do_not() {
    for (name, record) in all_runs() {
        let options = TerminalOptions { color: true, ..TerminalOptions::default() };
        let mut painted = render_load_summary(&record, &options);
        for code in ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"] {
            painted = painted.replace(code, "");
        }
        assert_eq!(painted, shown(&record), "{name}");
    }
    let options = TerminalOptions { color: true, ..TerminalOptions::default() };
    assert!(render_load_summary(&failing_run(), &options).starts_with("\x1b[31mFAILED\x1b[0m"));
    let open = render_load_summary(&open_run(), &options);
    assert!(open.contains("\x1b[31m✗ dropped_iterations\x1b[0m"));
    assert!(open.contains("\x1b[32m✓ http_req_failed\x1b[0m"));
}

#[test]
fn quiet_is_what_is_wrong_and_how_it_ended() {
    let quiet = |record: &LoadRecord| {
        let options = TerminalOptions {
            quiet: true,
            kept_in: Some("runs/x".to_owned()),
            ..TerminalOptions::default()
        };
        render_load_summary(record, &options)
    };
    assert_eq!(
        quiet(&closed_run()),
        "\n  ✓ checks   rate > 99 %   99.9 %\npassed, the threshold held · 5,260 iterations in 43 s · \
         kept in runs/x\n"
    );
    assert!(quiet(&failing_run()).starts_with("FAILED  every request failed"));
    assert!(quiet(&limited_run()).starts_with("generator-limited  "));
}
