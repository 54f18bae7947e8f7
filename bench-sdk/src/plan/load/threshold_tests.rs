//! k6's known answers, ours on top of them, and the text of every error.

#![expect(clippy::panic, reason = "a test may fail by panicking")]
#![expect(clippy::float_cmp, reason = "the figures are exact")]

use super::threshold::{parse_line, parse_threshold};
use crate::record::load::{Aggregation as A, Operator as O, Phase};

fn read(metric: &str, expression: &str) -> (A, O, f64) {
    let read = parse_threshold(metric, expression).unwrap_or_else(|error| panic!("{error}"));
    (read.aggregation, read.operator, read.value)
}

fn refused(metric: &str, expression: &str) -> String {
    parse_threshold(metric, expression).err().unwrap_or_else(|| panic!("{expression} was accepted"))
}

#[test]
fn every_aggregation_and_operator_of_k6_is_read() {
    assert_eq!(read("http_reqs", "count>20"), (A::Count, O::Greater, 20.0));
    assert_eq!(read("http_reqs", "rate>=20"), (A::Rate, O::GreaterOrEqual, 20.0));
    assert_eq!(read("vus", "value<=3"), (A::Value, O::LessOrEqual, 3.0));
    assert_eq!(read("checks", "rate===1"), (A::Rate, O::Equal, 1.0));
    assert_eq!(read("dropped_iterations", "count == 0"), (A::Count, O::Equal, 0.0));
    assert_eq!(read("errors_of_mine", "count!=0"), (A::Count, O::NotEqual, 0.0));
    for (text, aggregation) in [
        ("avg", A::Avg),
        ("min", A::Min),
        ("max", A::Max),
        ("med", A::Med),
        ("p(99)", A::Percentile(99.0)),
        ("p(99.9)", A::Percentile(99.9)),
        ("p(0)", A::Percentile(0.0)),
        ("p(100)", A::Percentile(100.0)),
    ] {
        let expected = (aggregation, O::Less, 200e6);
        assert_eq!(read("http_req_duration", &format!("{text}<200")), expected);
        assert_eq!(read("http_req_duration", &format!("  {text}  <   200 ")), expected);
        assert_eq!(read("http_req_duration", &format!("\t{text}<200.0")), expected);
    }
}

#[test]
fn what_k6_refuses_is_refused() {
    for expression in ["count!20", "foo>20", "count>abc", "count", "", "> 5", "count >", "count>>5"]
    {
        refused("http_reqs", expression);
    }
    for percentile in ["p()", "p(99", "p(foo)", "p(-1)", "p(101)", "p(NaN)", "p(+Inf)", "p"] {
        refused("http_req_duration", &format!("{percentile}<200"));
    }
    for metric in ["http_reqs{", "http_reqs}", "http_reqs}{", "http_reqs{a:1}b", "http_reqs{a}"] {
        refused(metric, "count>1");
    }
    for metric in ["http_reqs{}", "http_reqs{a:}", "http_reqs{a:1,}", "", "http reqs"] {
        refused(metric, "count>1");
    }
}

#[test]
fn units_lead_to_nanoseconds_bytes_and_shares() {
    for (text, ns) in [("500", 5e8), ("1.5", 1.5e6), ("250us", 2.5e5), ("2 s", 2e9), ("1e3", 1e9)] {
        assert_eq!(read("http_req_duration", &format!("p(95)<{text}")).2, ns, "{text}");
    }
    assert_eq!(read("http_req_failed", "rate<1%").2, 0.01);
    assert_eq!(read("http_req_failed", "rate<0.1").2, 0.1);
    assert_eq!(read("data_received", "count<64KiB").2, 65_536.0);
    assert_eq!(read("data_received", "rate<1MB/s").2, 1e6);
    assert_eq!(read("http_reqs", "rate>2k/s").2, 2_000.0);
    assert_eq!(read("http_reqs", "count>1_000").2, 1_000.0);
    assert_eq!(read("queue_of_mine", "max<20ms").2, 20e6);
    assert_eq!(read("temperature_of_mine", "value > -3").2, -3.0);
}

#[test]
fn tags_and_phases_are_part_of_the_name() {
    let read = parse_threshold("http_req_duration{status:200, method:GET}", "p(95)<500");
    let read = read.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.series_key(), "http_req_duration{method:GET,status:200}");
    let read = parse_threshold("http_req_duration{url:'http://a/b',phase:spike}", "p(95)<500");
    let read = read.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.tags.get("url").map(String::as_str), Some("http://a/b"));
    assert_eq!(read.phase, Some(Phase::Spike));
    // What a series is called is read back as itself.
    let again = parse_threshold(&read.series_key(), "p(95)<500");
    assert_eq!(again.map(|again| again.series_key()), Ok(read.series_key()));
}

#[test]
fn one_text_holds_all_of_a_threshold() {
    let read = parse_line(
        "http_req_duration{status:200}: p(95) < 500ms, abort_on_fail, delay_abort_eval = 10s, \
         window = 1m, phase = steady",
    )
    .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        (read.metric.as_str(), read.expression.as_str()),
        ("http_req_duration", "p(95) < 500ms")
    );
    assert_eq!((read.abort_on_fail, read.delay_abort_eval_ns), (true, 10_000_000_000));
    assert_eq!((read.window_ns, read.phase), (Some(60_000_000_000), Some(Phase::Steady)));
}

#[test]
fn every_error_points_at_its_place() {
    let errors = [
        refused("http_reqs", "count!20"),
        refused("http_reqs", "count"),
        refused("http_req_duration", "p95<20"),
        refused("http_req_duration", "p(101)<20"),
        refused("http_req_duration", "median<20"),
        refused("http_req_duration", "p(95)<2 parsecs"),
        refused("http_req_duration", "p(95) <"),
        refused("http_reqs", "p(95) < 20"),
        refused("http_req_duraton", "p(95) < 20"),
        refused("http_reqs{status}", "count > 1"),
        refused("http_reqs{status:200", "count > 1"),
        refused("http_req_duration{phase:spke}", "p(95) < 20"),
        parse_line("p(95) < 20").err().unwrap_or_default(),
        parse_line("checks: rate > 0.9, windw = 3s").err().unwrap_or_default(),
        parse_line("checks: rate > 0.9, window = soon").err().unwrap_or_default(),
    ];
    assert_eq!(errors.join("\n"), include_str!("threshold_errors.txt").trim_end());
}
