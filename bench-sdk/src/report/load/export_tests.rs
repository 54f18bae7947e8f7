//! What holds for every format of a load test.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed rendering fails the test")]

use super::fixture::{
    HOSTILE, all_runs, closed_run, failing_run, limited_run, open_run, spike_run,
};
use super::{LoadFormat, render_load};
use crate::record::Event;
use crate::record::load::{LoadRecord, MetricRecord, ThresholdRecord};
use serde_json::{Value, json};

fn k6(record: &LoadRecord) -> Value {
    serde_json::from_str(&render_load(LoadFormat::K6Summary, record).unwrap()).unwrap()
}

#[test]
fn every_name_is_a_format_that_renders_every_run() {
    for name in LoadFormat::names() {
        let format = LoadFormat::from_name(name).unwrap();
        assert_eq!(format.name(), name);
        for (kind, record) in all_runs() {
            let text = render_load(format, &record).unwrap();
            let may_be_empty = format == LoadFormat::Bencher;
            assert!(text.ends_with('\n') || may_be_empty && text.is_empty(), "{name}, {kind}");
            assert!(!text.contains("NaN"), "{name}, {kind}");
            let obeyed = text.contains(['\u{1b}', '\u{202e}', '\u{0}']);
            // JSON spells control characters out, and may hold any other.
            let is_json =
                matches!(format, LoadFormat::Json | LoadFormat::Jsonl | LoadFormat::K6Summary);
            let is_xml = format == LoadFormat::Junit;
            assert!(
                !obeyed || is_json || is_xml && !text.contains(['\u{1b}', '\u{0}']),
                "{name}, {kind}"
            );
        }
    }
}

/// All but the last digit of a float may be another one after reading.
#[track_caller]
fn assert_same(read: &LoadRecord, record: &LoadRecord) {
    assert_eq!(
        (&read.run, &read.plan, &read.scenarios),
        (&record.run, &record.plan, &record.scenarios)
    );
    assert_eq!((&read.timeline, &read.errors), (&record.timeline, &record.errors));
    assert_eq!((&read.checks, &read.notes), (&record.checks, &record.notes));
    assert!(read.metrics.keys().eq(record.metrics.keys()));
    for (read, metric) in read.metrics.values().zip(record.metrics.values()) {
        let close = |(a, b): (f64, f64)| (a - b).abs() <= b.abs() * 1e-12;
        assert_eq!(read.value.is_some(), metric.value.is_some());
        assert!(read.value.zip(metric.value).is_none_or(close), "{read:?}");
        let known = |metric: &MetricRecord| {
            metric.trend.as_ref().map(|trend| (trend.count, trend.censored, trend.curve.clone()))
        };
        assert_eq!(known(read), known(metric));
    }
}

#[test]
fn json_is_the_record() {
    for (_, record) in all_runs() {
        let text = render_load(LoadFormat::Json, &record).unwrap();
        assert!(text.starts_with("{\n  \"schema\": 1,"));
        assert_same(&serde_json::from_str(&text).unwrap(), &record);
        let text = render_load(LoadFormat::Jsonl, &record).unwrap();
        let Event::LoadFinished { record: read, .. } = serde_json::from_str(&text).unwrap() else {
            panic!("another event")
        };
        assert_same(&read, &record);
    }
}

#[test]
fn k6_is_told_in_its_own_words() {
    let open = k6(&open_run());
    let duration = &open["metrics"]["http_req_duration"];
    assert_eq!(
        *duration,
        json!({ "avg": 3.8, "min": 0.9, "med": 3.0, "max": 138.5, "p(90)": 7.5, "p(95)": 11.0,
            "p(99)": 27.0, "thresholds": { "p(95)<500": false } })
    );
    assert_eq!(
        open["metrics"]["dropped_iterations"],
        json!({ "count": 4.0, "rate": 4.0 / 60.0, "thresholds": { "count==0": true } })
    );
    assert_eq!(
        open["metrics"]["http_req_failed"],
        json!({ "value": 24.0 / 119_984.0, "passes": 24, "fails": 119_960,
            "thresholds": { "rate<0.1": false } })
    );
    assert_eq!(open["metrics"]["vus"], json!({ "value": 50.0, "min": 50.0, "max": 62.0 }));
    let closed = k6(&closed_run());
    assert_eq!(
        closed["root_group"],
        json!({ "name": "", "path": "", "groups": {}, "checks": {
            "basket is kept": { "name": "basket is kept", "path": "::basket is kept",
                "passes": 5_254, "fails": 6 },
            "status is 200": { "name": "status is 200", "path": "::status is 200",
                "passes": 5_260, "fails": 0 } } })
    );
    assert_eq!(closed["metrics"]["basket_size"]["med"], json!(3.0));
}

#[test]
fn k6_is_not_told_figures_that_nobody_knows() {
    let spike = k6(&spike_run());
    let response = spike["metrics"]["response"].as_object().unwrap();
    assert!(!response.contains_key("p(95)") && response.contains_key("p(90)"));
    let mut failing = failing_run();
    failing.metrics.remove("http_req_duration");
    let duration = &k6(&failing)["metrics"]["http_req_duration"];
    assert_eq!(*duration, json!({ "thresholds": { "p(95)<500": true } }));
    // The same expression twice, once failed.
    let twice = ThresholdRecord { passed: true, ..failing.thresholds[0].clone() };
    failing.thresholds.push(twice);
    assert_eq!(
        k6(&failing)["metrics"]["http_req_duration"]["thresholds"]["p(95)<500"],
        json!(true)
    );
}

#[test]
fn a_run_in_which_everything_failed_is_red_everywhere() {
    let mut record = failing_run();
    // Even where the record claims otherwise and nobody gave a threshold.
    record.run.passed = true;
    record.thresholds.clear();
    record.plan.thresholds.clear();
    let shown = |format| render_load(format, &record).unwrap();
    let first = "every request failed: 1,200 of 1,200";
    assert!(shown(LoadFormat::Pretty).starts_with(&format!("FAILED  {first}")));
    assert!(shown(LoadFormat::Pretty).lines().last().unwrap().starts_with("exit 4: every"));
    assert!(shown(LoadFormat::Markdown).lines().next().unwrap().contains("❌"));
    assert!(shown(LoadFormat::Junit).contains("failures=\"1\""));
    assert!(
        shown(LoadFormat::OpenMetrics)
            .contains("hub_bench_load_ok{test=\"http://127.0.0.1:9/\"} 0.0")
    );
    assert!(shown(LoadFormat::Terse).contains(first));
    // Failing fast is no improvement.
    assert_eq!(shown(LoadFormat::Github), "[]\n");
    assert_eq!(shown(LoadFormat::GithubBigger), "[]\n");
    assert_eq!(shown(LoadFormat::Bencher), "");
    assert_eq!(shown(LoadFormat::Bmf), "{}\n");
}

#[test]
fn tracked_figures_are_percentiles_and_the_rate() {
    let open = open_run();
    assert_eq!(
        render_load(LoadFormat::Bencher, &open).unwrap(),
        "\
test api_create_agent::response::p50 ... bench:   3,200,000.00 ns/iter (+/- 0.0000)
test api_create_agent::response::p95 ... bench:  11,800,000.00 ns/iter (+/- 0.0000)
test api_create_agent::response::p99 ... bench:  31,200,000.00 ns/iter (+/- 0.0000)
"
    );
    let github: Value =
        serde_json::from_str(&render_load(LoadFormat::Github, &open).unwrap()).unwrap();
    assert_eq!(
        github[1],
        json!({ "name": "api_create_agent response p95", "unit": "ns", "value": 11_800_000.0,
            "extra": "samples: 119984\n1 of 3 thresholds failed" })
    );
    let bigger: Value =
        serde_json::from_str(&render_load(LoadFormat::GithubBigger, &open).unwrap()).unwrap();
    assert_eq!(
        (bigger[0]["unit"].as_str(), bigger.as_array().unwrap().len()),
        (Some("iterations/s"), 1)
    );
    let bmf: Value = serde_json::from_str(&render_load(LoadFormat::Bmf, &open).unwrap()).unwrap();
    assert_eq!(bmf["api_create_agent"]["response-p99"]["value"], json!(31_200_000.0));
    // What lies among the samples that did not end has no figure.
    let spike = render_load(LoadFormat::Bencher, &spike_run()).unwrap();
    assert_eq!(spike.lines().count(), 1, "{spike}");
    assert_eq!(
        render_load(LoadFormat::Terse, &spike_run()).unwrap(),
        "api_login  -  9.00 ms  -  -  3.3 %  passed, no thresholds were given\n"
    );
}

#[test]
fn rows_have_as_many_cells_as_their_heading() {
    let open = open_run();
    for (format, rows) in [(LoadFormat::Csv, open.metrics.len()), (LoadFormat::CsvTimeline, 60)] {
        let text = render_load(format, &open).unwrap();
        let cells: Vec<usize> = text.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(cells.len(), rows + 1);
        assert!(cells.iter().all(|count| *count == cells[0]), "{text}");
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }
    let text = render_load(LoadFormat::Csv, &open).unwrap();
    assert!(text.contains("http_req_failed,rate,1,119984,0.0002"), "{text}");
    let text = render_load(LoadFormat::CsvTimeline, &open).unwrap();
    assert!(
        text.contains(
            "\r\n20260101_120000_10ad,api_create_agent,1000000000,1000000000,steady,2000.0,50,31,\
             2000,0,0,2000,0,3200000.0,12400000.0,31000000.0,200000.0,1000000,366000,760000000,\
             24000000,900000000,80000000,64\r\n"
        ),
        "{text}"
    );
}

#[test]
fn openmetrics_has_summaries_in_base_units() {
    let text = render_load(LoadFormat::OpenMetrics, &open_run()).unwrap();
    for part in [
        "# TYPE hub_bench_load_response_seconds summary\n# UNIT hub_bench_load_response_seconds seconds\n\
         hub_bench_load_response_seconds{test=\"api_create_agent\",quantile=\"0.5\"} 0.0032\n",
        "hub_bench_load_response_seconds_count{test=\"api_create_agent\"} 119984\n",
        "# TYPE hub_bench_load_http_reqs counter\nhub_bench_load_http_reqs_total{test=\"api_create_agent\"} 119984.0\n",
        "hub_bench_load_data_sent_bytes_total{test=\"api_create_agent\"} 22000000.0\n",
        "hub_bench_load_http_req_failed_ratio{test=\"api_create_agent\"} 0.0002",
        "hub_bench_load_http_req_duration_seconds{test=\"api_create_agent\",status=\"200\",quantile=\"0.5\"} 0.003\n",
        "hub_bench_load_threshold_ok{test=\"api_create_agent\",metric=\"dropped_iterations\",threshold=\"count==0\"} 0.0\n",
        "hub_bench_load_response_censored{test=\"api_create_agent\"} 16.0\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
    let spike = render_load(LoadFormat::OpenMetrics, &spike_run()).unwrap();
    assert!(spike.contains("quantile=\"0.95\"} +Inf\n"), "{spike}");
    assert_eq!(text.matches("# EOF").count(), 1);
    let hostile = super::fixture::hostile_run();
    let text = render_load(LoadFormat::OpenMetrics, &hostile).unwrap();
    assert!(text.lines().filter(|line| line.starts_with("# EOF")).count() == 1, "{text}");
    assert!(!text.contains(HOSTILE));
}

#[test]
fn junit_has_a_case_for_each_threshold() {
    assert_eq!(
        render_load(LoadFormat::Junit, &open_run()).unwrap(),
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="api_create_agent" tests="4" failures="1" errors="0" time="60">
  <testsuite name="api_create_agent" tests="4" failures="1" errors="0" skipped="0" timestamp="2026-01-01T12:00:00Z">
    <testcase classname="api_create_agent" name="run" time="60">
      <system-out>1 of 3 thresholds failed</system-out>
    </testcase>
    <testcase classname="api_create_agent" name="http_req_duration p(95) &lt; 500 ms">
      <system-out>11.2 ms</system-out>
    </testcase>
    <testcase classname="api_create_agent" name="http_req_failed rate &lt; 10 %">
      <system-out>0.02 %</system-out>
    </testcase>
    <testcase classname="api_create_agent" name="dropped_iterations count == 0">
      <failure type="threshold_failed" message="found 4">found 4</failure>
    </testcase>
  </testsuite>
</testsuites>
"#
    );
}

#[test]
fn markdown_is_a_comment_worth_reading() {
    assert_eq!(
        render_load(LoadFormat::Markdown, &open_run()).unwrap(),
        "\
### ❌ Load test `api_create_agent`: 1 of 3 thresholds failed

- `default`: constant\\-arrival\\-rate 2\\,000\\/s · 60 s, open model
- 119,984 iterations in 60 s, 24 failed, 12 interrupted, 4 dropped

| | min | avg | med | p90 | p95 | p99 | max |
|---|---:|---:|---:|---:|---:|---:|---:|
| `response` | 900 µs | 4.10 ms | 3.20 ms | 7.90 ms | 11.8 ms | 31.2 ms | 142 ms |
| `service` | 900 µs | 3.90 ms | 3.10 ms | 7.60 ms | 11.2 ms | 27.5 ms | 139 ms |
| `iteration_duration` | 900 µs | 3.90 ms | 3.10 ms | 7.60 ms | 11.2 ms | 27.5 ms | 139 ms |
| `http_req_duration` | 900 µs | 3.80 ms | 3.00 ms | 7.50 ms | 11.0 ms | 27.0 ms | 139 ms |

| | threshold | | found |
|---|---|---|---|
| ✅ | `http_req_duration` | `p(95) < 500 ms` | 11\\.2 ms |
| ✅ | `http_req_failed` | `rate < 10 %` | 0\\.02 \\% |
| ❌ | `dropped_iterations` | `count == 0` | 4 |

| error | count | first |
|---|---:|---|
| `status_503` | 20 | GET \\/agents answered 503 Service Unavailable |
| `timeout` | 4 | no answer within 10 s |
"
    );
    let limited = render_load(LoadFormat::Markdown, &limited_run()).unwrap();
    assert!(limited.contains("> **generator-limited**"));
    assert!(limited.contains("&gt; 480 ms") && limited.contains("no claim about capacity"));
}
