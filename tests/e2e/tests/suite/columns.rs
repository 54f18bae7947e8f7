//! The columns of the table.

use std::fs;

use e2e_tests::{QUICK, Results, bench, run};

/// The titles, which stand beside the name of the crate; the line above the table begins like it.
fn titles(text: &str) -> Vec<&str> {
    let head = text.lines().find(|line| line.starts_with("steady  ")).unwrap_or_default();
    head.split("  ").map(str::trim).filter(|word| !word.is_empty()).skip(1).collect()
}

#[test]
fn the_usual_table_tells_how_busy_the_processor_was() {
    let results = Results::new();
    let outcome = run(&bench("targets", "steady"), results.path(), QUICK);
    let titles = titles(&outcome.stdout);
    assert_eq!(titles[..2], ["time", "interval"], "{outcome}");
    assert!(titles.windows(2).any(|pair| pair == ["cpu", "ops/cpu s"]), "{outcome}");
}

#[test]
fn columns_are_those_that_are_asked_for() {
    let results = Results::new();
    let arguments = QUICK.iter().chain(&["--columns", "rss,time,net_sent,allocs"]);
    let outcome = run(&bench("targets", "steady"), results.path(), arguments);
    outcome.expect_code(0).expect_stdout(&[
        "network figures are of the whole network namespace",
        "no figure for allocs: install `bench_sdk::BenchAlloc`",
    ]);
    assert_eq!(titles(&outcome.stdout), ["rss", "time", "net out"], "{outcome}");
}

#[test]
fn the_configuration_names_columns_and_the_command_line_wins() {
    let results = Results::new();
    fs::write(results.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    fs::write(results.path().join("hub-bench.toml"), "columns = [\"+rss\"]\n").unwrap();
    let binary = bench("targets", "steady");
    let outcome = run(&binary, results.path(), QUICK);
    assert_eq!(titles(&outcome.stdout)[..3], ["time", "interval", "rss"], "{outcome}");
    let file = ["--output-format", "pretty", "--output", "table.txt"];
    let outcome =
        run(&binary, results.path(), QUICK.iter().chain(&["--columns", "cpu_time"]).chain(&file));
    assert_eq!(titles(&outcome.stdout), ["cpu time"], "{outcome}");
    let table = fs::read_to_string(results.path().join("table.txt")).unwrap();
    assert_eq!(titles(&table), ["cpu time"], "{table}");
}
