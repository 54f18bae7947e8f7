//! What github-action-benchmark reads with `tool: customSmallerIsBetter` and
//! `customBiggerIsBetter`.

use super::escape::escape;
use super::json_text::{Object, lines};
use super::tracked::{COSTS, RATES, interval, tracked, unit_words};
use crate::record::{CaseRecord, Metric, RunRecord, Severity, metric_name};

/// Times and costs, of which less is better.
pub(super) fn render_github(record: &RunRecord) -> String {
    entries(record, COSTS)
}

/// Rates, of which more is better: the tool takes one direction a file.
pub(super) fn render_github_bigger(record: &RunRecord) -> String {
    entries(record, RATES)
}

fn entries(record: &RunRecord, names: &'static [&'static str]) -> String {
    let mut entries = Vec::new();
    for case in &record.cases {
        for (name, metric) in tracked(case, names) {
            entries.push(entry(case, name, metric));
        }
    }
    lines(&entries)
}

/// `{"name","unit","value","range","extra"}`; the tool knows a course by its name.
fn entry(case: &CaseRecord, metric_name: &str, metric: &Metric) -> String {
    let id = escape(case.id.as_str());
    let name = match metric_name {
        metric_name::TIME => id,
        other => format!("{id} {other}"),
    };
    let object = Object::new()
        .text("name", &name)
        .text("unit", unit_words(metric_name, metric))
        .number("value", metric.estimate);
    let object = match interval(metric) {
        Some((low, high)) => object.text("range", &format!("± {:.4}", (high - low) / 2.0)),
        None => object,
    };
    let extra = extra(case, metric);
    if extra.is_empty() { object.end() } else { object.text("extra", &extra).end() }
}

/// What is shown beside the point: how much it rests on, and what may mislead.
fn extra(case: &CaseRecord, metric: &Metric) -> String {
    let mut told = Vec::new();
    if !case.launches.is_empty() {
        told.push(format!("launches: {}", case.launches.len()));
    }
    if let Some(samples) = metric.samples {
        told.push(format!("samples: {samples}"));
    }
    for note in case.notes.iter().filter(|note| note.severity == Severity::Warning) {
        told.push(format!("{}: {}", escape(&note.code), escape(&note.text)));
    }
    told.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{hub_run, measured, mixed_run, run_of, with};
    use super::*;
    use crate::record::Unit;

    #[test]
    fn one_direction_a_file() {
        let mut record = hub_run();
        record.cases.truncate(2);
        assert_eq!(
            render_github(&record),
            r#"[
{"name":"hub_agents::messages::broadcast{t=2}","unit":"ns","value":41700.0,"range":"± 880.0000","extra":"samples: 400\nnoisy: 24 % of the samples were disturbed by other processes; repeat, or pin with `doctor --apply`"},
{"name":"hub_agents::messages::broadcast{t=2} time_p99","unit":"ns","value":88000.0,"extra":"noisy: 24 % of the samples were disturbed by other processes; repeat, or pin with `doctor --apply`"},
{"name":"hub_agents::messages::broadcast{t=2} allocs","unit":"allocs","value":64.0,"extra":"noisy: 24 % of the samples were disturbed by other processes; repeat, or pin with `doctor --apply`"},
{"name":"hub_agents::registry::create","unit":"ns","value":184.2,"range":"± 0.7000","extra":"samples: 400"},
{"name":"hub_agents::registry::create allocs","unit":"allocs","value":2.0}
]
"#
        );
        assert_eq!(
            render_github_bigger(&record),
            r#"[
{"name":"hub_agents::messages::broadcast{t=2} throughput_items","unit":"items/s","value":24000.0,"extra":"noisy: 24 % of the samples were disturbed by other processes; repeat, or pin with `doctor --apply`"},
{"name":"hub_agents::registry::create throughput_items","unit":"items/s","value":5428000.0}
]
"#
        );
    }

    #[test]
    fn what_is_missing_is_absent_and_not_zero() {
        let text = render_github(&mixed_run());
        assert_eq!(text.matches("\"value\"").count(), 3, "{text}");
        assert!(!text.contains("ingest") && !text.contains("upload"));
        assert_eq!(render_github_bigger(&mixed_run()), "[]\n");
        let case = with(measured("a", "", "b", 1.0, 0.1), "allocs", Unit::One, f64::NAN);
        assert!(!render_github(&run_of(vec![case])).contains("allocs"));
    }
}
