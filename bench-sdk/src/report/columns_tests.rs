//! Names of columns, and what stands in them.
#![expect(clippy::unwrap_used, reason = "a list of columns that is refused fails the test")]

use super::*;
use crate::record::Note;
use crate::report::fixture::{measured, with};

fn titles(text: &str) -> Vec<String> {
    Columns::parse(text).unwrap().list.iter().map(Column::title).collect()
}

#[test]
fn every_metric_has_a_column_with_a_title_of_its_own() {
    let mut seen: Vec<String> = name::ALL.iter().map(|name| title_of(name)).collect();
    assert!(seen.iter().all(|title| title.len() <= 28 && !title.contains(['_', '…'])), "{seen:?}");
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), name::ALL.len(), "{seen:?}");
    // `cpu` is the utilisation, as in the usual table.
    for name in name::ALL.iter().filter(|name| **name != name::CPU) {
        assert_eq!(titles(name), [title_of(name)]);
    }
}

#[test]
fn lists_are_taken_as_they_are_and_additions_stand_behind_the_interval() {
    assert_eq!(titles("rss, time,p99.9"), ["rss", "time", "p99.9"]);
    assert_eq!(titles("net,cpu,cpu_time"), ["net in", "net out", "cpu", "cpu time"]);
    assert_eq!(titles("allocs_per_op"), ["allocs/op"]);
    assert_eq!(
        titles("+rss,p95"),
        [
            "time",
            "interval",
            "rss",
            "p95",
            "p99",
            "throughput",
            "allocs",
            "cpu",
            "ops/cpu s",
            "samples"
        ]
    );
    assert_eq!(titles("+rss,+faults"), titles("+rss,faults"));
    let asks =
        |list: &str, column: &'static str| Columns::parse(list).unwrap().asks_for(&of(column));
    assert!(asks("+rss", name::PEAK_RSS) && !asks("+rss", name::TIME_P99));
    assert!(asks("time", name::TIME) && asks("all", name::TIME));
    assert!(!Columns::default().asks_for(&of(name::TIME)));
}

#[test]
fn wrong_names_are_told_with_the_nearest() {
    let error = |text: &str| Columns::parse(text).unwrap_err();
    assert!(error("time,throughptu").contains("did you mean `throughput`?"));
    assert!(error("peak_rsss").contains("did you mean `peak_rss`?"));
    assert!(error("colour").contains("and every other metric"));
    assert!(error("p100").contains("unknown column `p100`"));
    assert!(error("\x1b[2J").contains("\\u{1b}"));
    assert!(error("").contains("no column") && error("+").contains("no column"));
}

#[test]
fn figures_carry_the_units_of_their_metrics() {
    let mut case = measured("a", "", "b", 184.2, 0.7);
    for (name, unit, estimate) in [
        (name::CPU_UTILISATION, Unit::One, 1.714),
        (name::OPS_PER_CPU_SECOND, Unit::PerSecond, 5.428e6),
        (name::PEAK_RSS, Unit::Bytes, 2_345_678.0),
        (name::ENERGY, Unit::Joules, 12.3e-6),
        (name::CPU_PER_OP, Unit::Nanoseconds, 1_240.0),
        (name::THROUGHPUT_BYTES, Unit::BytesPerSecond, 1.5e9),
        ("time_p99.9", Unit::Nanoseconds, 11_200.0),
    ] {
        case = with(case, name, unit, estimate);
    }
    let text = |list: &str| -> Vec<String> {
        let columns = Columns::parse(list).unwrap();
        columns.list.iter().map(|column| column.cell(&case).text).collect()
    };
    assert_eq!(text("cpu,ops,rss,energy"), ["171 %", "5.43 M", "2.35 MB", "12.3 µJ"]);
    assert_eq!(text("cpu_per_op,throughput,p99.9"), ["1.24 µs", "1.50 GB/s", "11.2 µs"]);
    assert_eq!(text("time,interval,allocs,launches"), ["184.2 ns", "± 0.4 %", "·", "·"]);
}

#[test]
fn at_the_floor_only_what_is_no_matter_of_speed_is_shown() {
    let mut case = measured("a", "", "b", 0.1, 0.17);
    case.notes.push(Note::warning("at_floor", ""));
    for (name, unit) in [
        (name::CPU_UTILISATION, Unit::One),
        (name::OPS_PER_CPU_SECOND, Unit::PerSecond),
        (name::TIME_MIN, Unit::Nanoseconds),
        (name::ALLOCS, Unit::One),
    ] {
        case = with(case, name, unit, 1.0);
    }
    let columns = Columns::parse("time,interval,min,cpu,ops,allocs").unwrap();
    let Split { shown, empty, .. } = columns.split(&[&case]);
    assert_eq!(shown.iter().map(Column::title).collect::<Vec<_>>(), ["time", "cpu", "allocs"]);
    assert_eq!(
        empty.iter().map(Column::title).collect::<Vec<_>>(),
        ["interval", "min", "ops/cpu s"]
    );
}

#[test]
fn all_is_what_has_figures_and_names_from_elsewhere_are_safe() {
    let mut case = measured("a", "", "b", 100.0, 1.0);
    for name in ["time_p99.9", "new_metric\x1b[2J", name::PEAK_RSS] {
        case = with(case, name, Unit::Bytes, 1.0);
    }
    let Split { shown, empty, .. } = Columns::parse("all").unwrap().split(&[&case]);
    assert_eq!(empty, []);
    let titles: Vec<String> = shown.iter().map(Column::title).collect();
    assert_eq!(titles, ["time", "interval", "rss", "new metric\\u{1b}[2J", "p99.9", "samples"]);
}

#[test]
fn what_is_measured_instead_of_time_has_a_column_beside_it() {
    let timed = measured("a", "", "b", 184.2, 0.7);
    let mut counted = with(measured("a", "", "c", 1.0, 0.1), "custom_page_faults", Unit::One, 17.0);
    counted.metrics.remove(name::TIME);
    let titles = |columns: &Columns, cases: &[&CaseRecord]| -> Vec<String> {
        columns.split(cases).shown.iter().map(Column::title).collect()
    };
    let usual = Columns::default();
    assert_eq!(titles(&usual, &[&timed, &counted])[..3], ["time", "interval", "page faults"]);
    assert_eq!(titles(&usual, &[&counted]), ["page faults"]);
    let shown = usual.split(&[&timed, &counted]).shown;
    let texts: Vec<String> = shown[..3].iter().map(|column| column.cell(&counted).text).collect();
    assert_eq!(texts, ["·", "·", "17"]);
    // Who names columns gets these.
    assert_eq!(titles(&Columns::parse("time").unwrap(), &[&timed, &counted]), ["time"]);
}
