//! k6's known answers for scenarios, and the text of every error.

#![expect(clippy::panic, reason = "a test may fail by panicking")]

use std::time::Duration;

use super::{HttpWishes, K6Options, parse_options};
use crate::plan::load::layers::load_plan;
use crate::record::load::{Executor, LoadKind, LoadPlan};

const SECOND: u64 = 1_000_000_000;

fn read(source: &str) -> K6Options {
    parse_options("o.js", source).unwrap_or_else(|error| panic!("{source}\n{error}"))
}

fn planned(source: &str) -> Result<LoadPlan, String> {
    let read = parse_options("o.js", source)?;
    load_plan("t", LoadKind::Load, &[read.layer], 1, 1.0)
}

fn executor(source: &str) -> Executor {
    let plan = planned(source).unwrap_or_else(|error| panic!("{source}\n{error}"));
    plan.scenarios[0].executor.clone()
}

/// As k6's tests have it: one scenario in JSON.
fn of_scenario(fields: &str) -> Result<LoadPlan, String> {
    planned(&format!("{{\"scenarios\": {{\"aname\": {{{fields}}}}}}}"))
}

const WHOLE: &str = "export const options = { scenarios: { constant_load: { executor: \
    'constant-vus', vus: 50, duration: '5m' }, spike_test: { executor: 'ramping-vus', stages: [ \
    {duration:'1m',target:10},{duration:'2m',target:1000},{duration:'1m',target:10} ] } }, \
    thresholds: { http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.1'] } };";

#[test]
fn a_whole_example_works_as_it_stands() {
    let read = read(WHOLE);
    assert_eq!(read.notes, [""; 0]);
    assert_eq!(read.http, HttpWishes::default());
    let plan = planned(WHOLE).unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<&str> = plan.scenarios.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["constant_load", "spike_test"]);
    let constant = Executor::ConstantVus { vus: 50, duration_ns: 300 * SECOND };
    assert_eq!(plan.scenarios[0].executor, constant);
    assert_eq!(plan.scenarios[1].executor.max_vus(), 1000);
    assert_eq!(plan.scenarios[1].graceful_stop_ns, 30 * SECOND);
    let thresholds: Vec<(&str, &str, f64)> = plan
        .thresholds
        .iter()
        .map(|t| (t.metric.as_str(), t.expression.as_str(), t.value))
        .collect();
    let expected = [("http_req_duration", "p(95)<500", 5e8), ("http_req_failed", "rate<0.1", 0.1)];
    assert_eq!(thresholds, expected);
}

#[test]
fn what_is_no_finite_number_does_not_count_as_not_given() {
    for text in ["NaN", "Infinity", "-Infinity", "1e999"] {
        let error = planned(&format!("export const options = {{ vus: {text} }}")).err();
        let number = text.trim_start_matches('-');
        assert_eq!(error, Some(format!("o.js: `{number}` is no number that an option could have")));
    }
}

#[test]
fn the_literal_is_found_in_a_script() {
    let script = r#"
import http from 'k6/http'; // { not this
/* export const options = { vus: 1 } */
const pattern = /['"]/;
export const options: Options = {
  vus: 1_0, // ten
  "duration": `1m`,
  tags: { 'a-b': "it's", c: `say "x"` },
  userAgent: 'me/1.0',
  summaryTrendStats: ['p(99)',],
};
export default function () { http.get(`http://x/${__ITER}`); }
"#;
    let read = read(script);
    assert_eq!(read.layer.options.vus, Some(10));
    assert_eq!(read.layer.options.duration, Some(Duration::from_secs(60)));
    assert_eq!(read.layer.options.tags.get("c").map(String::as_str), Some("say \"x\""));
    assert_eq!(read.http.user_agent.as_deref(), Some("me/1.0"));
    assert_eq!(
        read.notes,
        [
            "`summaryTrendStats` has no effect: the summary has columns of its own",
            "only `options` is read; the rest of the script is not run"
        ]
    );
    for source in [
        "{ vus: 3 }",
        "({ vus: 3, })",
        "export let options = { vus: 3 }",
        "module.exports.options = { 'vus': 3e0 };",
        "// x\n{\"vus\": 3}\n",
    ] {
        assert_eq!(self::read(source).layer.options.vus, Some(3), "{source}");
        assert_eq!(self::read(source).notes.len(), usize::from(source.contains("module")));
    }
}

#[test]
fn shortcuts_are_k6s() {
    let ten_minutes = 600 * SECOND;
    let shared = |vus, iterations, max_duration_ns| Executor::SharedIterations {
        vus,
        iterations,
        max_duration_ns,
    };
    let one = Executor::PerVuIterations { vus: 1, iterations: 1, max_duration_ns: ten_minutes };
    assert_eq!(executor("{}"), one);
    assert_eq!(executor("{stages: []}"), one);
    assert_eq!(executor("{scenarios: {}}"), one);
    assert_eq!(executor("{vus: 5}"), shared(5, 5, ten_minutes));
    assert_eq!(executor("{iterations: 7}"), shared(1, 7, ten_minutes));
    assert_eq!(executor("{vus: 2, iterations: 7, duration: '1m'}"), shared(2, 7, 60 * SECOND));
    let constant = Executor::ConstantVus { vus: 1, duration_ns: 90 * SECOND };
    assert_eq!(executor("{duration: '1m30s'}"), constant);
    assert_eq!(executor("{duration: 90000}"), constant);
    let Executor::RampingVus { start_vus, stages, graceful_ramp_down_ns } =
        executor("{vus: 4, stages: [{duration: '10s', target: 8}]}")
    else {
        panic!("ramping-vus")
    };
    assert_eq!((start_vus, stages[0].target, graceful_ramp_down_ns), (4, 8, 30 * SECOND));
}

#[test]
fn scenarios_that_k6_accepts_are_accepted() {
    for fields in [
        r#""executor": "constant-vus", "duration": "60s""#,
        r#""executor": "constant-vus", "vus": 10, "duration": "60s", "gracefulStop": "10s",
           "startTime": "70s", "env": {"test": "mest"}, "exec": "someFunc", "tags": {"a": "b"}"#,
        r#""executor": "ramping-vus", "startVUs": 20, "gracefulStop": "15s",
           "gracefulRampDown": "10s", "startTime": "23s",
           "stages": [{"duration": "60s", "target": 30}, {"duration": "0s", "target": 10}]"#,
        r#""executor": "shared-iterations""#,
        r#""executor": "shared-iterations", "iterations": 20, "vus": 10, "maxDuration": "30m""#,
        r#""executor": "per-vu-iterations", "iterations": 23, "vus": 13, "gracefulStop": 0"#,
        r#""executor": "per-vu-iterations", "vus": 10"#,
        r#""executor": "constant-arrival-rate", "rate": 30, "timeUnit": "1m", "duration": "10m",
           "preAllocatedVUs": 20, "maxVUs": 30"#,
        r#""executor": "ramping-arrival-rate", "preAllocatedVUs": 20, "maxVUs": 50,
           "stages": [{"duration": "5m", "target": 10}]"#,
    ] {
        assert!(of_scenario(fields).is_ok(), "{fields}\n{:?}", of_scenario(fields));
    }
    let plan = of_scenario(
        r#""executor": "constant-arrival-rate", "rate": 10, "duration": "10m",
           "preAllocatedVUs": 20"#,
    );
    assert_eq!(plan.map(|plan| plan.scenarios[0].executor.max_vus()), Ok(20));
}

#[test]
fn scenarios_that_k6_refuses_are_refused() {
    const LOOP: &str = r#""executor": "constant-vus""#;
    const RAMP: &str = r#""executor": "ramping-vus""#;
    const SHARED: &str = r#""executor": "shared-iterations""#;
    const EACH: &str = r#""executor": "per-vu-iterations""#;
    const RATE: &str = r#""executor": "constant-arrival-rate""#;
    const RATES: &str = r#""executor": "ramping-arrival-rate""#;
    let stage = r#""stages": [{"duration": "5m", "target": 10}]"#;
    let rate = r#""rate": 10, "preAllocatedVUs": 20"#;
    for (kind, fields) in [
        ("", ""),
        ("", r#""executor": "constant-blah-blah", "vus": 10, "duration": "60s""#),
        (LOOP, r#", "uknownField": "should_error""#),
        (LOOP, r#", "vus": 10, "duration": "60s", "env": 123"#),
        (LOOP, ""),
        (LOOP, r#", "vus": 0.5, "duration": "60s""#),
        (LOOP, r#", "vus": 10"#),
        (LOOP, r#", "vus": 0, "duration": "60s""#),
        (LOOP, r#", "vus": -1, "duration": "60s""#),
        (LOOP, r#", "vus": 10, "duration": "0s""#),
        (LOOP, r#", "vus": 10, "duration": "10s", "startTime": "-10s""#),
        (LOOP, r#", "vus": 10, "duration": "10s", "exec": """#),
        (LOOP, r#", "vus": 10, "duration": "10s", "gracefulStop": "-2s""#),
        (RAMP, r#", "startVUs": 0, "stages": [{"duration": "60s", "target": 0}]"#),
        (RAMP, r#", "startVUs": -1, "stages": [{"duration": "60s", "target": 30}]"#),
        (RAMP, r#", "stages": [{"duration": "-60s", "target": 30}]"#),
        (RAMP, r#", "stages": [{"duration": "60s", "target": -30}]"#),
        (RAMP, r#", "stages": [{"duration": "60s"}]"#),
        (RAMP, r#", "stages": [{"target": 30}]"#),
        (RAMP, r#", "stages": []"#),
        (RAMP, ""),
        (SHARED, r#", "vus": 10"#),
        (SHARED, r#", "iterations": 20, "vus": 10, "maxDuration": "-3m""#),
        (SHARED, r#", "iterations": 20, "vus": 10, "maxDuration": "0s""#),
        (SHARED, r#", "iterations": -1, "vus": 1"#),
        (SHARED, r#", "iterations": 20, "vus": 30"#),
        (EACH, r#", "iterations": 20, "vus": 10, "maxDuration": "0s""#),
        (EACH, r#", "iterations": 20, "vus": -10"#),
        (EACH, r#", "iterations": -1, "vus": 1"#),
        (RATE, &format!(r#", {rate}, "duration": "10m", "timeUnit": "-1s""#)),
        (RATE, r#", "rate": 10, "duration": "10m", "maxVUs": 30"#),
        (RATE, &format!(", {rate}")),
        (RATE, r#", "duration": "10m", "preAllocatedVUs": 20, "maxVUs": 30"#),
        (RATE, &format!(r#", {rate}, "duration": "0m""#)),
        (RATE, r#", "rate": 0, "duration": "10m", "preAllocatedVUs": 20"#),
        (RATE, &format!(r#", {rate}, "duration": "10m", "maxVUs": 15"#)),
        (RATE, r#", "rate": 10, "duration": "10m", "preAllocatedVUs": -2, "maxVUs": 25"#),
        (RATES, &format!(r#", "preAllocatedVUs": -20, "maxVUs": 50, {stage}"#)),
        (RATES, &format!(r#", "startRate": -1, "preAllocatedVUs": 20, {stage}"#)),
        (RATES, &format!(r#", "maxVUs": 50, {stage}"#)),
        (RATES, r#", "preAllocatedVUs": 20, "maxVUs": 50"#),
        (RATES, &format!(r#", "preAllocatedVUs": 20, {stage}, "timeUnit": "-1s""#)),
        (RATES, &format!(r#", "preAllocatedVUs": 30, "maxVUs": 20, {stage}"#)),
    ] {
        let fields = format!("{kind}{fields}");
        assert!(of_scenario(&fields).is_err(), "{fields} was accepted");
    }
}

#[test]
fn every_error_says_what_to_do() {
    let errors: Vec<String> = [
        "export default function () {}",
        "export const options = { vus: 1,",
        "export const options = {\n  vus: __ENV.VUS,\n};",
        "export const options = {\n  duration: 60 * 1000,\n};",
        "{ tags: { a: `${b}` } }",
        "{ vuss: 3 }",
        "{ vus: 'ten' }",
        "{ duration: 'soon' }",
        "{ rps: 10 }",
        "{ paused: true }",
        "{ tlsAuth: [] }",
        "{ iterations: 3, stages: [{duration: '1s', target: 1}] }",
        "{ duration: '1s', scenarios: { a: { executor: 'constant-vus', duration: '1s' } } }",
        "{ scenarios: { a: { executor: 'externally-controlled' } } }",
        "{ scenarios: { a: { executor: 'constant-vu' } } }",
        "{ scenarios: { a: { executor: 'constant-vus', stages: [] } } }",
        "{ scenarios: { a: { executor: 'constant-vus', durtion: '1s' } } }",
        "{ scenarios: { a: { executor: 'constant-arrival-rate', rate: 1, duration: '1s' } } }",
        "{ scenarios: { 'a b': { executor: 'constant-vus', duration: '1s' } } }",
        "{ scenarios: { a: { executor: 'constant-vus', vus: 2000000, duration: '1s' } } }",
        "{ thresholds: { http_req_duration: ['p(95)<'] } }",
        "{ thresholds: { http_reqs: ['p(95)<1'] } }",
        "{ thresholds: { checks: [{ treshold: 'rate>0.9' }] } }",
        "{ thresholds: { 'checks{scenario:b}': ['rate>0.9'] } }",
        "[1]",
    ]
    .iter()
    .map(|source| planned(source).err().unwrap_or_else(|| panic!("{source} was accepted")))
    .collect();
    assert_eq!(errors.join("\n"), include_str!("errors.txt").trim_end());
}
