//! Budgets against examples, figures and intervals.

use super::*;
use crate::analysis::fixture::{case, case_with as record};

fn verdict(text: &str, record: &CaseRecord) -> Result<(), String> {
    Budget::parse(text).and_then(|budget| budget.check(record))
}

#[test]
fn the_examples_are_read_as_they_say() {
    for line in include_str!("budget_examples.txt").lines() {
        if let Some(good) = line.strip_prefix("ok  ") {
            assert!(Budget::parse(good).is_ok(), "{:?}", Budget::parse(good));
        } else if let Some((bad, part)) =
            line.strip_prefix("no  ").and_then(|l| l.split_once(" | "))
        {
            let error = Budget::parse(bad).err().unwrap_or_default();
            assert!(error.contains(part), "{bad}: {error}");
        }
    }
}

#[test]
fn words_lead_to_metrics() {
    let metric = |text: &str| Budget::parse(text).map(|budget| (budget.metric, budget.limit));
    assert_eq!(metric("median < 10us"), Ok(("time".into(), 10_000.0)));
    assert_eq!(metric("p(99)<=2ms"), Ok(("time_p99".into(), 2e6)));
    assert_eq!(metric("p( 99.9 ) < 1ms"), Ok(("time_p99.9".into(), 1e6)));
    assert_eq!(metric("avg < 1ms"), Ok(("time_mean".into(), 1e6)));
    assert_eq!(metric("cpu_utilisation < 150%"), Ok(("cpu_utilisation".into(), 1.5)));
}

#[test]
fn value_limit_and_interval_are_told_in_units() {
    let time = record("time", 12_300.0, Some((12_100.0, 12_600.0)));
    assert_eq!(verdict("median < 13us", &time), Ok(()));
    assert_eq!(
        verdict("median < 10us", &time),
        Err("`median < 10us`: it is 12.3 µs (12.1 to 12.6 µs)".into())
    );
    let rss = record("peak_rss", 67_500_000.0, None);
    assert_eq!(verdict("peak_rss < 64MB", &rss), Err("`peak_rss < 64MB`: it is 67.5 MB".into()));
    let cpu = record("cpu_utilisation", 1.71, Some((1.71, 1.71)));
    let over = "`cpu_utilisation < 150%`: it is 171 %";
    assert_eq!(verdict("cpu_utilisation < 150%", &cpu), Err(over.into()));
}

#[test]
fn an_interval_with_allowed_values_is_pointed_out_and_the_estimate_decides() {
    let end = |text: &str, estimate: f64| {
        let time = record("time", estimate, Some((11_000.0, 13_000.0)));
        verdict(text, &time).map_err(|e| e.rsplit_once("), ").map(|(_, end)| end.to_owned()))
    };
    let told = |end: &str| Err(Some(format!("and {end}")));
    assert_eq!(end("median < 12us", 12_500.0), told("the interval reaches below the limit"));
    assert_eq!(end("median > 12us", 11_500.0), told("the interval reaches above the limit"));
    assert_eq!(end("median == 12us", 11_500.0), told("the limit lies in the interval"));
    assert_eq!(end("median < 10us", 11_500.0), Err(None), "no value of it is allowed");
    assert_eq!(end("median < 12us", 11_500.0), Ok(()));
}

#[test]
fn a_figure_that_is_not_there_breaks_its_budget_and_says_why() {
    let mut blank = case();
    let missing = |record: &CaseRecord, text: &str| verdict(text, record).err().unwrap_or_default();
    let install = "install `bench_sdk::BenchAlloc` as the global allocator of the bench binary";
    let nothing = "`allocs == 0`: `allocs` is not measured; ".to_owned() + install;
    assert_eq!(missing(&blank, "allocs == 0"), nothing);
    assert!(missing(&blank, "leaked == 0").ends_with(install));
    blank.absent.insert("energy".into(), "there is no counter here".into());
    let why = "is not measured; there is no counter here";
    assert!(missing(&blank, "energy < 1mJ").ends_with(why));
    assert!(missing(&blank, "energy_per_op < 1mJ").ends_with(why));
    assert!(missing(&blank, "throughput_bytes > 1MB/s").contains("`bytes_count`"));
    assert!(missing(&blank, "p(99) < 1ms").contains("one by one"));
}
