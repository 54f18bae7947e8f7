//! What holds for every format, whatever stands in the record.

#![expect(clippy::unwrap_used, reason = "a failed rendering fails the test")]

use super::fixture::{broken, hub_run, measured, mixed_run, run_of, with};
use super::{Format, render, render_criterion};
use crate::record::{Metric, Note, RunRecord, Skipped, Status, Unit};

/// Names that mean harm to one format or another.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "",
        " ",
        "<script>alert(1)</script>",
        "</script><!--]]>",
        "quotes \" ' ` $(x) %s",
        "two\nlines\r\nand\ttabs",
        "\u{1b}[31mred\u{1b}[0m\u{7}\u{0}",
        "../../etc/passwd",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(1)",
        "x ... bench: 1 ns/iter (+/- 0)",
        "| a | b |",
        "{case=\"x\"} 1\n# EOF",
        "中文 é 👨‍👩‍👧 e\u{301}",
        "\u{202e}gnirts\u{2066}\u{2028}\u{feff}\u{fffe}",
    ]
    .map(str::to_owned)
    .into();
    names.push("x".repeat(10_000));
    names.push("é".repeat(10_000));
    names.push(format!("z{}", "\u{301}".repeat(10_000)));
    names
}

/// A case of every status for every name, with all that others may write in them.
fn hostile_run() -> RunRecord {
    let statuses = [
        Status::Measured,
        Status::Panicked,
        Status::Failed,
        Status::Died,
        Status::TimedOut,
        Status::BudgetFailed,
        Status::Skipped,
    ];
    let mut cases = Vec::new();
    for name in names() {
        // Long names are there twice only: the test is slow enough.
        let most = if name.len() > 1_000 { 2 } else { statuses.len() };
        for (nth, status) in statuses.into_iter().take(most).enumerate() {
            let mut case = match status {
                Status::Measured | Status::BudgetFailed => measured(&name, &name, &name, 5.0, 0.1),
                other => broken(&name, &name, &name, other, &name),
            };
            case.id = format!("{name}::{name}::{name}{nth}").into();
            case.status = status;
            case.message = Some(name.clone());
            case.output = Some(name.clone());
            case.args = vec![name.clone()];
            case.types = vec![name.clone(), name.clone()];
            case.tags = vec![name.clone()];
            case.threads = Some(4);
            case.notes = vec![Note::warning(&name, name.clone())];
            cases.push(with(case, &name, Unit::Bytes, 1e300));
        }
    }
    let mut record = run_of(cases);
    let evil = names().concat();
    (record.run.package, record.run.target) = (evil.clone(), evil.clone());
    record.run.notes = vec![Note::warning(&evil, evil.clone())];
    record.run.skipped = vec![Skipped { id: evil.as_str().into(), reason: evil.clone() }];
    record.environment.cpu = Some(evil.clone());
    record.environment.rustc = Some(evil);
    record
}

fn texts() -> impl Iterator<Item = Format> {
    let formats = Format::names().map(|name| Format::from_name(name).unwrap());
    formats.filter(|format| !format.is_folder())
}

#[test]
fn no_renderer_panics_whatever_the_record_holds() {
    let mut odd = hostile_run();
    for (nth, case) in odd.cases.iter_mut().enumerate() {
        let values = [f64::NAN, f64::INFINITY, -1.0, 0.0, f64::MIN_POSITIVE, f64::MAX];
        for metric in case.metrics.values_mut() {
            metric.estimate = values[nth % values.len()];
            metric.low = Some(values[(nth + 1) % values.len()]);
            metric.high = Some(values[(nth + 2) % values.len()]);
            metric.level = Some(values[(nth + 3) % values.len()]);
            metric.samples = Some(nth as u64);
        }
    }
    let mut bare = hub_run();
    for case in &mut bare.cases {
        case.metrics.clear();
    }
    for record in [hostile_run(), odd, bare, hub_run(), mixed_run(), run_of(Vec::new())] {
        for format in texts() {
            let text = render(format, &record).unwrap();
            assert!(text.is_empty() || text.ends_with('\n'), "{}", format.name());
        }
        assert_eq!(render_criterion(&record, "new").unwrap().len() % 4, 0);
    }
}

#[test]
fn whatever_is_json_stays_json() {
    for name in ["json", "github", "github-bigger", "bmf"] {
        let text = render(Format::from_name(name).unwrap(), &hostile_run()).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{name}");
    }
    let text = render(Format::LibtestJson, &hostile_run()).unwrap();
    assert!(text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    for file in render_criterion(&hostile_run(), "new").unwrap() {
        assert!(serde_json::from_slice::<serde_json::Value>(&file.bytes).is_ok(), "{}", file.path);
    }
}

/// Formats that people look at in a terminal, too.
#[test]
fn nothing_that_a_terminal_obeys_gets_through() {
    for name in ["csv", "markdown", "openmetrics", "bencher"] {
        let text = render(Format::from_name(name).unwrap(), &hostile_run()).unwrap();
        let bad = |c: &char| !matches!(c, '\n' | '\r') && crate::record::is_unsafe(*c);
        assert_eq!(text.chars().find(bad), None, "{name}");
    }
}

#[test]
fn a_missing_metric_is_nowhere() {
    let record = run_of(vec![measured("a", "", "b", 5.0, 0.1)]);
    for format in texts().filter(|format| *format != Format::Junit) {
        let text = render(format, &record).unwrap();
        for absent in ["allocs", "throughput_items", "time-p99", "time_p99", "peak_rss"] {
            assert!(!text.contains(absent), "{absent} in {}:\n{text}", format.name());
        }
    }
    let zero = Metric::point(Unit::One, crate::record::Better::Lower, 0.0);
    let mut free = measured("a", "", "b", 5.0, 0.1);
    free.metrics.insert("allocs".to_owned(), zero);
    for name in ["csv", "github", "bmf", "openmetrics", "markdown"] {
        let text = render(Format::from_name(name).unwrap(), &run_of(vec![free.clone()])).unwrap();
        assert!(text.contains("allocs"), "a measured zero is missing in {name}");
    }
}
