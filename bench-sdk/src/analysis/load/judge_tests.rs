//! Thresholds, at the end and while a run goes on; the generator.

#![expect(clippy::panic, reason = "a test may fail by panicking")]

use super::fixture::{MS, SECOND, metrics, own, plan, series, tick};
use super::judge::judge;
use super::windows::Windows;
use super::{Watch, judge_generator, why_not_passed};
use crate::record::load::{
    Builtin as B, LoadPlan, MetricKind, MetricUnit, Phase, PhaseSpan, ThresholdRecord, Tick,
};
use crate::stats::{Metrics, Series};

fn judged(is_open: bool, threshold: &str, totals: &Metrics) -> ThresholdRecord {
    let plan = plan(is_open, &[threshold]);
    judge(&plan, totals, &Windows::new(&plan.thresholds), 10 * SECOND).remove(0)
}

fn passes(threshold: &str, totals: &Metrics) -> bool {
    judged(false, threshold, totals).passed
}

#[test]
fn every_aggregation_is_compared() {
    let totals = metrics(&[
        (B::HttpReqDuration, &[100.0, 200.0, 300.0, 400.0]),
        (B::HttpReqs, &[1.0; 50]),
        (B::HttpReqFailed, &[1.0, 0.0, 0.0, 0.0]),
        (B::Vus, &[3.0, 7.0]),
        (B::DataSent, &[1000.0]),
    ]);
    for threshold in [
        "http_req_duration: avg == 250",
        "http_req_duration: min >= 100",
        "http_req_duration: max <= 400ms",
        "http_req_duration: med < 201",
        "http_req_duration: p(95) < 0.5s",
        "http_reqs: count == 50",
        "http_reqs: rate == 5",
        "http_req_failed: rate <= 25%",
        "vus: value == 7",
        "data_sent: rate == 100B/s",
    ] {
        assert!(passes(threshold, &totals), "{threshold}");
    }
    for threshold in [
        "http_req_duration: p(95) < 400",
        "http_req_duration: max != 400",
        "http_reqs: count > 50",
        "http_req_failed: rate < 0.25",
        "vus: value < 7",
    ] {
        assert!(!passes(threshold, &totals), "{threshold}");
    }
}

#[test]
fn nothing_measured_holds_nothing() {
    let record = judged(false, "http_req_duration: p(95) < 500", &Metrics::new());
    assert!(!record.passed && record.samples == 0 && record.value.is_none());
    assert_eq!(record.note.as_deref(), Some("no samples, so there is nothing that could hold"));
    assert!(!passes("http_reqs: count >= 0", &Metrics::new()));
    assert!(!passes("http_req_failed: rate < 1", &Metrics::new()));
    // What should not happen, and did not, is known to be 0.
    assert!(passes("dropped_iterations: count == 0", &Metrics::new()));
    assert!(passes("dropped_iterations{scenario:default}: rate < 1", &Metrics::new()));
}

#[test]
fn dropped_samples_count_as_longer_than_all() {
    let mut response = series(B::Response, &[10.0; 98]);
    let Series::Trend { values, .. } = &mut response else { panic!("a trend") };
    values.record_censored(2);
    let totals: Metrics = [("response".to_owned(), response)].into();
    assert!(passes("response: p(95) < 20", &totals));
    let record = judged(true, "response: p(99) < 1h", &totals);
    assert_eq!((record.passed, record.value), (false, None));
    assert_eq!(
        record.note.as_deref(),
        Some("longer than anything that ended: 2 were dropped or interrupted")
    );
    assert!(!passes("response: max < 1h", &totals));
    assert!(passes("response: max > 5", &totals));
    let average = judged(true, "response: avg < 20", &totals);
    assert!(average.passed && average.note.is_some_and(|note| note.starts_with("at least")));
}

#[test]
fn service_time_in_an_open_model_is_named() {
    let totals = metrics(&[(B::HttpReqDuration, &[1.0]), (B::Response, &[1.0])]);
    let note = |is_open, text| judged(is_open, text, &totals).note;
    let open = note(true, "http_req_duration: p(95) < 5");
    assert_eq!(
        open.as_deref(),
        Some("service time: it leaves out waiting for a free user; `response` is what users feel")
    );
    assert_eq!(note(false, "http_req_duration: p(95) < 5"), None);
    assert_eq!(note(true, "response: p(95) < 5"), None);
}

#[test]
fn metrics_of_users_are_judged_by_what_they_turn_out_to_be() {
    let time = own(MetricKind::Trend, MetricUnit::Nanoseconds, &[20.0]);
    let plain = own(MetricKind::Trend, MetricUnit::One, &[20.0]);
    let totals: Metrics = [("waiting".to_owned(), time), ("depth".to_owned(), plain)].into();
    assert!(passes("waiting: max < 21", &totals) && !passes("waiting: max < 19", &totals));
    assert!(passes("waiting: max < 21ms", &totals) && !passes("waiting: max < 19ms", &totals));
    assert!(passes("depth: max < 21", &totals) && !passes("depth: max < 19", &totals));
    let record = judged(false, "depth: count > 1", &totals);
    assert!(!record.passed && record.note.is_some_and(|note| note.contains("a trend, which has")));
}

#[test]
fn a_run_in_which_all_failed_is_never_passed() {
    let why = |of: &[(B, &[f64])]| why_not_passed(&[], &metrics(of));
    assert_eq!(why(&[]).as_deref(), Some("no iteration ended"));
    let (failed, mixed) = ([1.0, 1.0], [1.0, 0.0]);
    let requests: &[(B, &[f64])] = &[(B::Iterations, &[1.0]), (B::HttpReqFailed, &failed)];
    assert_eq!(why(requests).as_deref(), Some("every request failed, 2 of 2"));
    let iterations: &[(B, &[f64])] = &[(B::Iterations, &[1.0]), (B::IterationFailed, &failed)];
    assert_eq!(why(iterations).as_deref(), Some("every iteration failed, 2 of 2"));
    assert_eq!(why(&[(B::Iterations, &[1.0]), (B::HttpReqFailed, &mixed)]), None);
}

/// A run of seconds, each with a request of so many milliseconds; the reason it ended with, and when.
fn run(plan: &LoadPlan, times: &[f64]) -> (Option<(u64, String)>, Vec<ThresholdRecord>) {
    let mut watch = Watch::new(plan);
    let mut totals = Metrics::new();
    for (second, ms) in (1..).zip(times) {
        let interval = metrics(&[(B::HttpReqDuration, &[*ms]), (B::HttpReqs, &[1.0])]);
        for (name, series) in &interval {
            let sum = totals.entry(name.clone());
            sum.and_modify(|sum| sum.merge(series)).or_insert_with(|| series.clone());
        }
        if let Some(why) = watch.step(plan, second * SECOND, &interval, &totals) {
            return (Some((second, why)), watch.finish(plan, &totals, second * SECOND));
        }
    }
    (None, watch.finish(plan, &totals, times.len() as u64 * SECOND))
}

#[test]
fn a_threshold_ends_a_run_when_it_may() {
    let slow = [900.0; 20];
    let ends = |options: &str| {
        run(&plan(false, &[&format!("http_req_duration: p(95) < 500{options}")]), &slow).0
    };
    let reason = "threshold http_req_duration: p(95) < 500 does not hold".to_owned();
    assert_eq!(ends(""), None);
    assert_eq!(ends(", abort_on_fail"), Some((2, reason.clone())));
    assert_eq!(ends(", abort_on_fail, delay_abort_eval = 9s"), Some((10, reason)));
    // What can still come to hold ends nothing, and nor does what was not measured yet.
    assert_eq!(run(&plan(false, &["http_reqs: count > 15, abort_on_fail"]), &slow).0, None);
    assert_eq!(run(&plan(false, &["checks: rate > 0.9, abort_on_fail"]), &slow).0, None);
}

#[test]
fn a_window_looks_at_the_last_stretch_each_time() {
    let mut times = [10.0; 40];
    times[15..20].fill(900.0);
    let whole = run(&plan(false, &["http_req_duration: med < 500"]), &times).1.remove(0);
    assert!(whole.passed);
    let plan = plan(false, &["http_req_duration: med < 500, window = 4s"]);
    let broken = run(&plan, &times).1.remove(0);
    assert!(!broken.passed && broken.samples == 4, "{broken:?}");
    assert_eq!(broken.note.as_deref(), Some("did not hold in the window that ended at 18 s"));
    assert!(run(&plan, &[10.0; 40]).1.remove(0).passed);
}

#[test]
fn rates_of_a_phase_are_over_its_length() {
    let mut plan = plan(true, &["http_reqs: rate == 5, phase = spike"]);
    let span = |phase, from_ns, until_ns| PhaseSpan { phase, from_ns, until_ns };
    plan.scenarios[0].phases =
        vec![span(Phase::Steady, 0, 2 * SECOND), span(Phase::Spike, 2 * SECOND, 6 * SECOND)];
    let totals: Metrics =
        [("http_reqs{phase:spike}".to_owned(), series(B::HttpReqs, &[1.0; 20]))].into();
    let record = judge(&plan, &totals, &Windows::default(), 10 * SECOND).remove(0);
    assert!(record.passed, "{record:?}");
}

fn late_ticks(lateness_ms: impl Fn(u64) -> f64, cpu: f64) -> Vec<Tick> {
    let one = |second| Tick {
        lateness_p99_ns: Some(lateness_ms(second) * MS as f64),
        generator_cpu_ns: Some((cpu * 2e9) as u64),
        ..tick(second, Some(10.0))
    };
    (1..=30).map(one).collect()
}

#[test]
fn a_generator_that_cannot_keep_up_is_called_out() {
    let totals = metrics(&[(B::Response, &[10.0; 100]), (B::Lateness, &[0.1; 100])]);
    let why = |lateness: fn(u64) -> f64, cpu, shares| {
        judge_generator(&late_ticks(lateness, cpu), &totals, 2, shares).limited
    };
    assert_eq!(why(|_| 0.2, 0.4, false), None);
    // A single late second is none of its business.
    assert_eq!(why(|second| if second == 7 { 80.0 } else { 0.2 }, 0.4, false), None);
    assert_eq!(
        why(|second| second as f64 * 5.0, 0.4, false).as_deref(),
        Some("iterations started ever later, at first 27.5 ms and at last 128 ms")
    );
    assert!(why(|_| 40.0, 0.4, false).is_some_and(|why| why.contains("for most of the run")));
    assert_eq!(
        why(|_| 0.2, 0.99, false).as_deref(),
        Some("its 2 threads used 99 % of their processor time")
    );
    assert_eq!(why(|_| 0.2, 0.99, true), None);
}

#[test]
fn lateness_beside_the_response_is_flagged() {
    let codes = |late: f64| {
        let totals = metrics(&[(B::Response, &[10.0; 100]), (B::Lateness, &[late; 100])]);
        let verdict = judge_generator(&[], &totals, 2, false);
        verdict.notes.into_iter().map(|note| note.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(0.9), [""; 0]);
    assert_eq!(codes(1.2), ["generator_late"]);
}

#[test]
fn a_generator_busy_with_failures_alone_was_not_the_limit() {
    let ticks: Vec<Tick> = (1..=10)
        .map(|at| Tick { lateness_p99_ns: Some(at as f64 * 50e6), ..tick(at, Some(1.0)) })
        .collect();
    let limited = |failed: &[f64]| {
        judge_generator(&ticks, &metrics(&[(B::HttpReqFailed, failed)]), 2, false).limited
    };
    assert!(limited(&[1.0, 0.0]).is_some());
    assert_eq!(limited(&[1.0, 1.0]), None);
}
