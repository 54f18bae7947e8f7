//! Invented load tests for the tests of this layer.

use std::collections::BTreeMap;

use crate::record::load::{
    Aggregation, Arrivals, Capacity, CheckRecord, ErrorRecord, Executor, GeneratorRecord,
    LOAD_SCHEMA, LoadKind, LoadPlan, LoadRecord, LoadRun, MetricKind, MetricRecord, MetricUnit,
    Operator, Phase, PhaseSpan, Probed, QuantilePoint, Recovery, Scenario, ScenarioRecord, Stage,
    Tags, TargetRecord, Threshold, ThresholdRecord, Tick, TrendSummary, WhenBusy,
};
use crate::record::{Environment, Note};

/// A second in nanoseconds.
pub(super) const SECOND: u64 = 1_000_000_000;
const MS: f64 = 1e6;

/// A metric without figures.
fn metric(kind: MetricKind, unit: MetricUnit, samples: u64) -> MetricRecord {
    MetricRecord {
        kind,
        unit,
        samples,
        value: None,
        per_second: None,
        range: None,
        passes: None,
        trend: None,
    }
}

pub(super) fn counter(unit: MetricUnit, sum: f64, seconds: f64) -> MetricRecord {
    MetricRecord {
        value: Some(sum),
        per_second: Some(sum / seconds),
        ..metric(MetricKind::Counter, unit, sum as u64)
    }
}

pub(super) fn gauge(value: f64, range: (f64, f64)) -> MetricRecord {
    MetricRecord {
        value: Some(value),
        range: Some(range),
        ..metric(MetricKind::Gauge, MetricUnit::One, 60)
    }
}

pub(super) fn rate(passes: u64, samples: u64) -> MetricRecord {
    MetricRecord {
        value: (samples > 0).then(|| passes as f64 / samples as f64),
        passes: Some(passes),
        ..metric(MetricKind::Rate, MetricUnit::One, samples)
    }
}

/// A trend of times: least, mean, median, P90, P95, P99 and greatest, in milliseconds; `censored`
/// of its samples did not end.
pub(super) fn trend(ms: [f64; 7], count: u64, censored: u64) -> MetricRecord {
    let ns = ms.map(|ms| ms * MS);
    let samples = (count + censored) as f64;
    let known = |q: f64, value: f64| (q * samples <= count as f64).then_some(value);
    let curve = [(0.0, ns[0]), (0.5, ns[2]), (0.9, ns[3]), (0.95, ns[4]), (0.99, ns[5])];
    let points = curve.into_iter().filter_map(|(q, value)| known(q, value).map(|value| (q, value)));
    MetricRecord {
        trend: Some(TrendSummary {
            count,
            censored,
            min: ns[0],
            avg: ns[1],
            max: ns[6],
            med: known(0.5, ns[2]),
            p90: known(0.9, ns[3]),
            p95: known(0.95, ns[4]),
            p99: known(0.99, ns[5]),
            curve: points.map(|(q, value)| QuantilePoint { q, value }).collect(),
        }),
        ..metric(MetricKind::Trend, MetricUnit::Nanoseconds, count + censored)
    }
}

fn scenario(name: &str, executor: Executor) -> Scenario {
    Scenario {
        name: name.to_owned(),
        executor,
        start_time_ns: 0,
        graceful_stop_ns: 30 * SECOND,
        exec: None,
        env: Tags::new(),
        tags: Tags::new(),
        phases: Vec::new(),
    }
}

fn arrivals(rate: u64, seconds: u64) -> Executor {
    Executor::ConstantArrivalRate {
        rate,
        time_unit_ns: SECOND,
        duration_ns: seconds * SECOND,
        pre_allocated_vus: 50,
        max_vus: 100,
        arrivals: Arrivals::Uniform,
        when_busy: WhenBusy::Drop,
    }
}

fn scenario_record(name: &str, counts: [u64; 4]) -> ScenarioRecord {
    let [full, failed, interrupted, dropped] = counts;
    ScenarioRecord {
        name: name.to_owned(),
        planned: Some(full + interrupted + dropped),
        full,
        failed,
        interrupted,
        dropped,
        vus_max: 100,
    }
}

/// A threshold as it was asked for, and what became of it.
pub(super) fn threshold(
    (metric, aggregation, operator, value): (&str, Aggregation, Operator, f64),
    expression: &str,
    (passed, found, samples): (bool, Option<f64>, u64),
) -> (Threshold, ThresholdRecord) {
    let asked = Threshold {
        metric: metric.to_owned(),
        tags: Tags::new(),
        expression: expression.to_owned(),
        aggregation,
        operator,
        value,
        abort_on_fail: false,
        delay_abort_eval_ns: 0,
        window_ns: None,
        phase: None,
    };
    let came = ThresholdRecord {
        metric: asked.series_key(),
        expression: expression.to_owned(),
        passed,
        value: found,
        samples,
        note: None,
    };
    (asked, came)
}

/// A tick at that second.
pub(super) fn tick(second: u64) -> Tick {
    Tick {
        at_ns: second * SECOND,
        length_ns: SECOND,
        vus: 50,
        in_flight: 31,
        iterations: 2000,
        failed: 0,
        dropped: 0,
        requests: 2000,
        requests_failed: 0,
        p50_ns: Some(3.2 * MS),
        p95_ns: Some(12.4 * MS),
        p99_ns: Some(31.0 * MS),
        lateness_p99_ns: Some(0.2 * MS),
        received: 1_000_000,
        sent: 366_000,
        planned: Some(2000.0),
        phase: Some(Phase::Steady),
        generator_cpu_ns: Some(760_000_000),
        generator_rss: Some(24_000_000),
        target_cpu_ns: Some(900_000_000),
        target_rss: Some(80_000_000),
        target_descriptors: Some(64),
    }
}

/// A record around scenarios; everything else is empty.
fn record_of(name: &str, kind: LoadKind, scenarios: Vec<Scenario>, seconds: u64) -> LoadRecord {
    LoadRecord {
        schema: LOAD_SCHEMA,
        run: LoadRun {
            id: "20260101_120000_10ad".to_owned(),
            started_at: "2026-01-01T12:00:00Z".to_owned(),
            duration_ns: seconds * SECOND,
            target: "http://127.0.0.1:8080/agents".to_owned(),
            kind,
            interrupted: false,
            aborted: None,
            passed: true,
        },
        environment: Environment {
            cpu: Some("AMD EPYC".to_owned()),
            cpus: Some(2),
            ..Environment::default()
        },
        plan: LoadPlan {
            name: name.to_owned(),
            kind,
            scenarios,
            thresholds: Vec::new(),
            seed: 7,
            time_scale: 1.0,
        },
        scenarios: Vec::new(),
        metrics: BTreeMap::new(),
        thresholds: Vec::new(),
        checks: Vec::new(),
        errors: Vec::new(),
        timeline: Vec::new(),
        generator: GeneratorRecord {
            threads: 1,
            cpu_share: Some(0.38),
            cpu_ns_per_iteration: Some(190_000.0),
            peak_rss: Some(24_000_000),
            limited: false,
            why: None,
        },
        target: None,
        capacity: None,
        recovery: None,
        notes: Vec::new(),
    }
}

fn add(record: &mut LoadRecord, metrics: &[(&str, MetricRecord)]) {
    let named = metrics.iter().map(|(name, metric)| ((*name).to_owned(), metric.clone()));
    record.metrics.extend(named);
}

fn judge(record: &mut LoadRecord, thresholds: Vec<(Threshold, ThresholdRecord)>) {
    (record.plan.thresholds, record.thresholds) = thresholds.into_iter().unzip();
    record.run.passed = record.thresholds.iter().all(|threshold| threshold.passed);
}

/// An open model at a constant rate: a few arrivals were dropped, and a threshold minds it.
pub(crate) fn open_run() -> LoadRecord {
    let scenarios = vec![scenario("default", arrivals(2000, 60))];
    let mut record = record_of("api_create_agent", LoadKind::Load, scenarios, 60);
    record.scenarios = vec![scenario_record("default", [119_984, 24, 12, 4])];
    let request = [0.9, 3.8, 3.0, 7.5, 11.0, 27.0, 138.5];
    let short = [0.0, 0.01, 0.01, 0.02, 0.03, 0.09, 4.0];
    add(
        &mut record,
        &[
            ("response", trend([0.9, 4.1, 3.2, 7.9, 11.8, 31.2, 142.0], 119_984, 16)),
            ("service", trend([0.9, 3.9, 3.1, 7.6, 11.2, 27.5, 139.0], 119_984, 12)),
            ("lateness", trend([0.0, 0.05, 0.04, 0.1, 0.15, 0.21, 2.0], 119_996, 0)),
            ("iteration_duration", trend([0.9, 3.9, 3.1, 7.6, 11.2, 27.5, 139.0], 119_984, 0)),
            ("iterations", counter(MetricUnit::One, 119_984.0, 60.0)),
            ("dropped_iterations", counter(MetricUnit::One, 4.0, 60.0)),
            ("vus", gauge(50.0, (50.0, 62.0))),
            ("vus_max", gauge(62.0, (50.0, 62.0))),
            ("http_reqs", counter(MetricUnit::One, 119_984.0, 60.0)),
            ("http_req_failed", rate(24, 119_984)),
            ("http_req_duration", trend(request, 119_984, 0)),
            ("http_req_duration{status:200}", trend(request, 119_960, 0)),
            ("http_req_blocked", trend(short, 119_984, 0)),
            ("http_req_connecting", trend([0.0; 7], 119_984, 0)),
            ("http_req_sending", trend(short, 119_984, 0)),
            ("http_req_waiting", trend([0.9, 3.7, 2.9, 7.4, 10.9, 26.9, 138.0], 119_984, 0)),
            ("http_req_receiving", trend(short, 119_984, 0)),
            ("data_received", counter(MetricUnit::Bytes, 61_000_000.0, 60.0)),
            ("data_sent", counter(MetricUnit::Bytes, 22_000_000.0, 60.0)),
        ],
    );
    record.errors = vec![
        ErrorRecord {
            kind: "status_503".to_owned(),
            count: 20,
            example: "GET /agents answered 503 Service Unavailable".to_owned(),
        },
        ErrorRecord {
            kind: "timeout".to_owned(),
            count: 4,
            example: "no answer within 10 s".to_owned(),
        },
    ];
    let (p95, count) = (Aggregation::Percentile(95.0), Aggregation::Count);
    let time = ("http_req_duration", p95, Operator::Less, 500.0 * MS);
    let failed = ("http_req_failed", Aggregation::Rate, Operator::Less, 0.1);
    let dropped = ("dropped_iterations", count, Operator::Equal, 0.0);
    judge(
        &mut record,
        vec![
            threshold(time, "p(95)<500", (true, Some(11.2 * MS), 119_984)),
            threshold(failed, "rate<0.1", (true, Some(0.000_2), 119_984)),
            threshold(dropped, "count==0", (false, Some(4.0), 4)),
        ],
    );
    record.timeline = (1..=60).map(tick).collect();
    record.target = Some(TargetRecord {
        watched: "process 4711".to_owned(),
        processors: Some(0.91),
        cpu_ns_per_iteration: Some(455_000.0),
        peak_rss: Some(80_000_000),
        max_descriptors: Some(64),
        absent: Vec::new(),
    });
    record.notes = vec![Note::remark(
        "threshold_on_service_time",
        "`http_req_duration` is the time from sending; in an open model `response` is what users \
         feel",
    )];
    record
}

/// A closed model of two scenarios, one after the other, with checks and a metric of the user's;
/// everything held.
pub(crate) fn closed_run() -> LoadRecord {
    let stages = vec![
        Stage { duration_ns: 10 * SECOND, target: 20 },
        Stage { duration_ns: 20 * SECOND, target: 20 },
        Stage { duration_ns: 0, target: 5 },
    ];
    let browse = Executor::RampingVus { start_vus: 1, stages, graceful_ramp_down_ns: 30 * SECOND };
    let checkout =
        Executor::PerVuIterations { vus: 5, iterations: 10, max_duration_ns: 600 * SECOND };
    let mut checkout = scenario("checkout", checkout);
    checkout.start_time_ns = 30 * SECOND;
    let scenarios = vec![scenario("browse", browse), checkout];
    let mut record = record_of("shop", LoadKind::Load, scenarios, 43);
    record.scenarios = vec![
        scenario_record("browse", [5_210, 0, 0, 0]),
        scenario_record("checkout", [50, 0, 0, 0]),
    ];
    record.scenarios[0].planned = None;
    let request = [2.0, 12.0, 11.0, 20.0, 25.0, 40.0, 95.0];
    add(
        &mut record,
        &[
            ("iteration_duration", trend([12.0, 90.0, 88.0, 120.0, 140.0, 180.0, 410.0], 5_260, 0)),
            ("iterations", counter(MetricUnit::One, 5_260.0, 43.0)),
            ("vus", gauge(5.0, (1.0, 20.0))),
            ("vus_max", gauge(25.0, (25.0, 25.0))),
            ("checks", rate(10_514, 10_520)),
            ("http_reqs", counter(MetricUnit::One, 10_520.0, 43.0)),
            ("http_req_failed", rate(0, 10_520)),
            ("http_req_duration", trend(request, 10_520, 0)),
            (
                "basket_size",
                MetricRecord {
                    unit: MetricUnit::One,
                    ..trend([1e-6, 3.2e-6, 3e-6, 5e-6, 6e-6, 9e-6, 12e-6], 50, 0)
                },
            ),
            ("orders", counter(MetricUnit::One, 50.0, 43.0)),
            ("data_received", counter(MetricUnit::Bytes, 148_000_000.0, 43.0)),
            ("data_sent", counter(MetricUnit::Bytes, 1_100_000.0, 43.0)),
        ],
    );
    record.checks = vec![
        CheckRecord { name: "basket is kept".to_owned(), passes: 5_254, fails: 6 },
        CheckRecord { name: "status is 200".to_owned(), passes: 5_260, fails: 0 },
    ];
    let held = ("checks", Aggregation::Rate, Operator::Greater, 0.99);
    judge(&mut record, vec![threshold(held, "rate>0.99", (true, Some(0.9994), 10_520))]);
    record.timeline = (1..=43).map(|second| Tick { planned: Some(20.0), ..tick(second) }).collect();
    record
}

/// Nothing answers: every request failed, and a threshold without samples failed with it.
pub(crate) fn failing_run() -> LoadRecord {
    let scenarios =
        vec![scenario("default", Executor::ConstantVus { vus: 10, duration_ns: 10 * SECOND })];
    let mut record = record_of("http://127.0.0.1:9/", LoadKind::Load, scenarios, 10);
    record.run.target = record.plan.name.clone();
    record.scenarios = vec![scenario_record("default", [1_200, 1_200, 0, 0])];
    record.scenarios[0].planned = None;
    add(
        &mut record,
        &[
            ("iteration_duration", trend([0.1, 0.2, 0.2, 0.3, 0.4, 0.5, 0.9], 1_200, 0)),
            ("iterations", counter(MetricUnit::One, 1_200.0, 10.0)),
            ("http_reqs", counter(MetricUnit::One, 1_200.0, 10.0)),
            ("http_req_failed", rate(1_200, 1_200)),
            (
                "http_req_duration",
                MetricRecord {
                    trend: None,
                    ..metric(MetricKind::Trend, MetricUnit::Nanoseconds, 0)
                },
            ),
        ],
    );
    record.errors = vec![ErrorRecord {
        kind: "connection_refused".to_owned(),
        count: 1_200,
        example: "127.0.0.1:9 refused the connection (os error 111)".to_owned(),
    }];
    let fast = ("http_req_duration", Aggregation::Percentile(95.0), Operator::Less, 500.0 * MS);
    judge(&mut record, vec![threshold(fast, "p(95)<500", (false, None, 0))]);
    record.thresholds[0].note = Some("no samples: a threshold on nothing fails".to_owned());
    record.timeline = (1..=10)
        .map(|second| Tick {
            iterations: 120,
            failed: 120,
            requests: 120,
            requests_failed: 120,
            p50_ns: None,
            p95_ns: None,
            p99_ns: None,
            ..tick(second)
        })
        .collect();
    record
}

/// A stress test that found the generator's limit and not the target's.
pub(crate) fn limited_run() -> LoadRecord {
    let stages = vec![
        Stage { duration_ns: 30 * SECOND, target: 4000 },
        Stage { duration_ns: 30 * SECOND, target: 8000 },
    ];
    let executor = Executor::RampingArrivalRate {
        start_rate: 1000,
        time_unit_ns: SECOND,
        stages,
        pre_allocated_vus: 100,
        max_vus: 1000,
        arrivals: Arrivals::Poisson,
        when_busy: WhenBusy::Drop,
    };
    let mut record =
        record_of("api_search", LoadKind::Stress, vec![scenario("stress", executor)], 60);
    record.scenarios = vec![scenario_record("stress", [200_000, 0, 100, 40_000])];
    add(
        &mut record,
        &[
            ("response", trend([0.5, 9.0, 2.0, 30.0, 60.0, 90.0, 480.0], 200_000, 40_100)),
            ("service", trend([0.5, 2.0, 1.5, 4.0, 6.0, 12.0, 90.0], 200_000, 100)),
            ("lateness", trend([0.0, 7.0, 1.0, 25.0, 50.0, 80.0, 400.0], 200_100, 0)),
            ("iterations", counter(MetricUnit::One, 200_000.0, 60.0)),
            ("http_reqs", counter(MetricUnit::One, 200_000.0, 60.0)),
            ("http_req_failed", rate(0, 200_000)),
        ],
    );
    record.generator.limited = true;
    record.generator.cpu_share = Some(0.99);
    record.generator.why =
        Some("its processor was busy 99 % of the time, and lateness grew to 400 ms".to_owned());
    let probe = |rate: f64, passed: bool, limited: bool| Probed {
        planned_per_second: rate,
        reached_per_second: if passed { rate } else { rate * 0.8 },
        in_flight: rate / 500.0,
        p95_ns: passed.then_some(6.0 * MS),
        failed: if passed { 0.0 } else { 0.2 },
        passed,
        limited,
    };
    record.capacity = Some(Capacity {
        knee_per_second: None,
        confirmed: false,
        failed_at_per_second: Some(8000.0),
        probes: vec![
            probe(2000.0, true, false),
            probe(4000.0, true, false),
            probe(8000.0, false, true),
        ],
        law: None,
        words: "no claim about capacity: the generator was the limit at 8,000/s".to_owned(),
    });
    record.timeline = (1..=60).map(tick).collect();
    record
}

/// A spike that the target did not come back from, most of its height censored.
pub(crate) fn spike_run() -> LoadRecord {
    let stages = vec![
        Stage { duration_ns: 20 * SECOND, target: 100 },
        Stage { duration_ns: 0, target: 3000 },
        Stage { duration_ns: 20 * SECOND, target: 3000 },
        Stage { duration_ns: 20 * SECOND, target: 100 },
    ];
    let executor = Executor::RampingArrivalRate {
        start_rate: 100,
        time_unit_ns: 60 * SECOND,
        stages,
        pre_allocated_vus: 10,
        max_vus: 200,
        arrivals: Arrivals::Uniform,
        when_busy: WhenBusy::Queue,
    };
    let mut record = record_of("api_login", LoadKind::Spike, vec![scenario("spike", executor)], 60);
    let span = |phase, from: u64, until: u64| PhaseSpan {
        phase,
        from_ns: from * SECOND,
        until_ns: until * SECOND,
    };
    record.plan.scenarios[0].phases =
        vec![span(Phase::Steady, 0, 20), span(Phase::Spike, 20, 40), span(Phase::Recovery, 40, 60)];
    record.scenarios = vec![scenario_record("spike", [900, 30, 100, 0])];
    add(
        &mut record,
        &[
            ("response", trend([4.0, 300.0, 9.0, 140.0, 140.0, 140.0, 142.0], 900, 100)),
            ("service", trend([4.0, 40.0, 8.0, 80.0, 99.0, 120.0, 139.0], 900, 100)),
            ("lateness", trend([0.0, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3], 1000, 0)),
        ],
    );
    record.recovery = Some(Recovery {
        recovered_after_ns: None,
        before_p95_ns: Some((9.0 * MS, 8.0 * MS, 10.5 * MS)),
        spike_p95_ns: Some(140.0 * MS),
        words: "had not recovered 20 s after the spike: P95 still above 10.5 ms".to_owned(),
    });
    record.timeline = (1..=60)
        .map(|second| {
            let phase = match second {
                ..=20 => Phase::Steady,
                21..=40 => Phase::Spike,
                _ => Phase::Recovery,
            };
            Tick { phase: Some(phase), ..tick(second) }
        })
        .collect();
    record
}

/// All the kinds of records there are, with a name for each.
pub(crate) fn all_runs() -> Vec<(&'static str, LoadRecord)> {
    vec![
        ("open", open_run()),
        ("closed", closed_run()),
        ("failing", failing_run()),
        ("limited", limited_run()),
        ("spike", spike_run()),
        ("empty", empty_run()),
        ("hostile", hostile_run()),
    ]
}

/// Stopped before anything ended.
pub(crate) fn empty_run() -> LoadRecord {
    let scenarios = vec![scenario("default", arrivals(10, 60))];
    let mut record = record_of("api", LoadKind::Load, scenarios, 0);
    record.scenarios = vec![scenario_record("default", [0, 0, 1, 0])];
    record.run.interrupted = true;
    record.run.passed = false;
    record.generator.cpu_share = None;
    record
}

/// What means harm to one format or another.
pub(crate) const HOSTILE: &str = "\u{1b}[31m</script>|`=cmd'\"\u{202e}\n::x{a=\"1\"} # EOF\u{0}中";

/// Everything that others name means harm.
pub(crate) fn hostile_run() -> LoadRecord {
    let mut record = closed_run();
    for text in [&mut record.plan.name, &mut record.run.target] {
        HOSTILE.clone_into(text);
    }
    record.plan.scenarios[0].name = HOSTILE.to_owned();
    record.scenarios[0].name = HOSTILE.to_owned();
    add(
        &mut record,
        &[
            (HOSTILE, trend([1.0; 7], 3, 0)),
            (&format!("http_req_duration{{url:{HOSTILE}}}"), trend([1.0; 7], 3, 0)),
        ],
    );
    record.checks[0].name = HOSTILE.to_owned();
    record.errors =
        vec![ErrorRecord { kind: HOSTILE.to_owned(), count: 1, example: HOSTILE.repeat(200) }];
    let (asked, mut came) =
        threshold((HOSTILE, Aggregation::Avg, Operator::Less, 1.0), HOSTILE, (false, Some(2.0), 1));
    came.note = Some(HOSTILE.to_owned());
    judge(&mut record, vec![(asked, came)]);
    record.notes = vec![Note::warning(HOSTILE, HOSTILE)];
    record.generator.limited = true;
    record.generator.why = Some(HOSTILE.to_owned());
    record
}
