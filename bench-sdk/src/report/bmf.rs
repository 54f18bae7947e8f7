//! Bencher Metric Format: <https://bencher.dev/docs/reference/bencher-metric-format/>.

use std::collections::BTreeMap;

use super::json_text::Object;
use super::tracked::{COSTS, RATES, interval, tracked};
use crate::record::{CaseRecord, Metric, RunRecord, cut_name, is_unsafe, metric_name};

/// Bencher takes names of up to 1024 bytes.
const MAX_NAME_BYTES: usize = 1024;

/// `{"a::b":{"latency":{"value","lower_value","upper_value"},"throughput":{"value"}}}`: latency in
/// nanoseconds, throughput in items a second. Other measures have the names of our metrics.
pub(super) fn render_bmf(record: &RunRecord) -> String {
    let mut benchmarks: BTreeMap<String, String> = BTreeMap::new();
    for case in &record.cases {
        if let Some(measures) = measures(case) {
            // Of two cases with one name the first stays: a key that is there twice is no JSON that
            // readers agree about.
            benchmarks.entry(benchmark_name(case.id.as_str())).or_insert(measures);
        }
    }
    bmf_lines(&benchmarks)
}

/// The measures of a case; `None` where it has none.
fn measures(case: &CaseRecord) -> Option<String> {
    let mut object = Object::new();
    let mut any = false;
    for (name, metric) in tracked(case, COSTS).chain(tracked(case, RATES)) {
        object = object.raw(&slug(name), &measure(metric));
        any = true;
    }
    any.then(|| object.end())
}

fn measure(metric: &Metric) -> String {
    let object = Object::new().number("value", metric.estimate);
    match interval(metric) {
        Some((low, high)) => object.number("lower_value", low).number("upper_value", high).end(),
        None => object.end(),
    }
}

/// Two measures are Bencher's own.
fn slug(name: &str) -> String {
    match name {
        metric_name::TIME => "latency".to_owned(),
        metric_name::THROUGHPUT_ITEMS => "throughput".to_owned(),
        other => other.replace('_', "-").to_ascii_lowercase(),
    }
}

/// An object with a benchmark on each line.
pub(super) fn bmf_lines(benchmarks: &BTreeMap<String, String>) -> String {
    let mut out = String::from("{");
    for (nth, (name, measures)) in benchmarks.iter().enumerate() {
        out.push_str(if nth > 0 { ",\n" } else { "\n" });
        let pair = Object::new().raw(name, measures).end();
        out.push_str(&pair[1..pair.len() - 1]);
    }
    out.push_str(if benchmarks.is_empty() { "}\n" } else { "\n}\n" });
    out
}

/// The id without what cannot be seen; a longer one is cut and ends in a hash of the whole.
pub(super) fn benchmark_name(id: &str) -> String {
    let clean: String =
        id.trim().chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect();
    if clean.is_empty() {
        return "_".to_owned();
    }
    cut_name(clean, MAX_NAME_BYTES, id)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "text that is not JSON fails the test")]
mod tests {
    use super::super::fixture::{hub_run, measured, mixed_run, run_of};
    use super::*;

    #[test]
    fn latency_throughput_and_what_else_is_tracked() {
        let mut record = hub_run();
        record.cases.truncate(2);
        assert_eq!(
            render_bmf(&record),
            r#"{
"hub_agents::messages::broadcast{t=2}":{"latency":{"value":41700.0,"lower_value":40820.0,"upper_value":42580.0},"time-p99":{"value":88000.0},"allocs":{"value":64.0},"throughput":{"value":24000.0}},
"hub_agents::registry::create":{"latency":{"value":184.2,"lower_value":183.5,"upper_value":184.89999999999998},"allocs":{"value":2.0},"throughput":{"value":5428000.0}}
}
"#
        );
    }

    #[test]
    fn cases_without_figures_are_absent() {
        let read: serde_json::Value = serde_json::from_str(&render_bmf(&mixed_run())).unwrap();
        let names: Vec<&String> = read.as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            ["hub_agents::registry::create", "hub_agents::registry::noop", "hub_data::parse"]
        );
        assert_eq!(render_bmf(&run_of(Vec::new())), "{}\n");
    }

    #[test]
    fn long_names_are_cut_and_stay_distinct() {
        let case = |end: &str| measured("a", "", &format!("{}{end}", "é".repeat(5_000)), 1.0, 0.1);
        let text = render_bmf(&run_of(vec![case("1"), case("2"), case("2")]));
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        let names = read.as_object().unwrap();
        assert_eq!(names.len(), 2);
        assert!(names.keys().all(|name| name.len() <= MAX_NAME_BYTES));
    }
}
