//! The JSON lines of libtest, as `cargo bench -- -Z unstable-options --format json` writes them.

use super::json_text::Object;
use super::tracked::{has_figures, interval};
use crate::record::{CaseRecord, RunRecord, Status, metric_name};

/// What the suite counts at its end.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    ignored: usize,
    measured: usize,
}

/// Suite started; for each case that it started and what came of it; suite ended.
pub(super) fn render_libtest_json(record: &RunRecord) -> String {
    let mut lines = Vec::new();
    let suite = |event: &str| Object::new().text("type", "suite").text("event", event);
    lines.push(suite("started").count("test_count", record.cases.len()).end());
    let mut counts = Counts::default();
    for case in &record.cases {
        lines.push(test(case, "started").end());
        lines.push(outcome(case, &mut counts));
    }
    let filtered_out = (record.run.registered as usize).saturating_sub(record.cases.len());
    let end = suite(if counts.failed == 0 { "ok" } else { "failed" })
        .count("passed", counts.passed)
        .count("failed", counts.failed)
        .count("ignored", counts.ignored)
        .count("measured", counts.measured)
        .count("filtered_out", filtered_out);
    let end = match record.run.duration_ns {
        0 => end,
        duration => end.number("exec_time", duration as f64 / 1e9),
    };
    lines.push(end.end());
    lines.join("\n") + "\n"
}

fn test(case: &CaseRecord, event: &str) -> Object {
    Object::new().text("type", "test").text("event", event).text("name", case.id.as_str())
}

/// One line, as libtest knows one result of a test: a case over its budget has failed, and its
/// figure stands in the message.
fn outcome(case: &CaseRecord, counts: &mut Counts) -> String {
    let message = case.message.as_deref().unwrap_or_default();
    match case.status {
        Status::Skipped => {
            counts.ignored += 1;
            let line = test(case, "ignored");
            if message.is_empty() { line.end() } else { line.text("message", message).end() }
        }
        Status::Measured => {
            let line = bench_line(case);
            *if line.is_some() { &mut counts.measured } else { &mut counts.passed } += 1;
            line.unwrap_or_else(|| test(case, "ok").end())
        }
        _ => {
            counts.failed += 1;
            let line = test(case, "failed");
            let line = match case.output.as_deref() {
                Some(output) if !output.is_empty() => line.text("stdout", output),
                _ => line,
            };
            let words = if message.is_empty() { case.status.words() } else { message };
            line.text("message", words).end()
        }
    }
}

/// `{"type":"bench","name","median","deviation"}`; the deviation is half the width of the interval.
fn bench_line(case: &CaseRecord) -> Option<String> {
    let time = case.metric(metric_name::TIME).filter(|_| has_figures(case))?;
    let deviation = interval(time).map_or(0.0, |(low, high)| (high - low) / 2.0);
    let line = Object::new()
        .text("type", "bench")
        .text("name", case.id.as_str())
        .number("median", time.estimate)
        .number("deviation", deviation);
    let bytes = case.metric(metric_name::THROUGHPUT_BYTES);
    // Millions of bytes, whatever libtest calls it; below one it says nothing.
    let rate = bytes.map(|rate| (rate.estimate / 1e6).round()).filter(|rate| *rate >= 1.0);
    Some(match rate {
        Some(rate) => line.count("mib_per_second", rate as usize).end(),
        None => line.end(),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "text that is not JSON fails the test")]
mod tests {
    use super::super::fixture::{broken, measured, mixed_run, run_of, with};
    use super::*;
    use crate::record::Unit;

    #[test]
    fn each_case_starts_and_ends() {
        assert_eq!(
            render_libtest_json(&mixed_run()),
            r#"{"type":"suite","event":"started","test_count":6}
{"type":"test","event":"started","name":"hub_agents::registry::create"}
{"type":"bench","name":"hub_agents::registry::create","median":999.97,"deviation":1.8999999999999773}
{"type":"test","event":"started","name":"hub_agents::registry::noop"}
{"type":"bench","name":"hub_agents::registry::noop","median":0.1,"deviation":0.17}
{"type":"test","event":"started","name":"hub_data::ingest[1000]"}
{"type":"test","event":"failed","name":"hub_data::ingest[1000]","stdout":"\u001b[32mloading\u001b[0m 1000 rows\n\tdone \u001b[2J\n","message":"index out of bounds: the len is 3 but the index is 7\nat src/ingest.rs:12"}
{"type":"test","event":"started","name":"hub_data::ingest[1000000]"}
{"type":"test","event":"failed","name":"hub_data::ingest[1000000]","stdout":"row 1\nrow 2\nrow 3\nrow 4\nrow 5\nrow 6\nrow 7\nrow 8\nrow 9\nrow 10\nrow 11\nrow 12\nrow 13\nrow 14\nrow 15\nrow 16\nrow 17\nrow 18\nrow 19\nrow 20\nrow 21\nrow 22","message":"still running after 60 s"}
{"type":"test","event":"started","name":"hub_data::parse"}
{"type":"test","event":"failed","name":"hub_data::parse","message":"median < 10ms: the median is 12.35 ms"}
{"type":"test","event":"started","name":"hub_data::upload"}
{"type":"test","event":"ignored","name":"hub_data::upload","message":"needs a network"}
{"type":"suite","event":"failed","passed":0,"failed":3,"ignored":1,"measured":2,"filtered_out":25,"exec_time":24.3}
"#
        );
    }

    #[test]
    fn a_suite_in_which_nothing_failed_is_ok() {
        let bytes = measured("a", "", "b", 100.0, 1.0);
        let bytes = with(bytes, metric_name::THROUGHPUT_BYTES, Unit::BytesPerSecond, 1.6e8);
        let mut ran = broken("a", "", "c", Status::Measured, "");
        ran.message = None;
        let text = render_libtest_json(&run_of(vec![bytes, ran]));
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[2]["mib_per_second"], 160);
        assert_eq!(lines[4]["event"], "ok");
        assert_eq!((&lines[5]["event"], &lines[5]["passed"]), (&"ok".into(), &1.into()));
    }
}
