#![expect(clippy::unwrap_used, reason = "a malformed case fails the test")]

use serde_json::json;

use super::*;
use crate::record::{ComplexityVerdict, Growth, Status};
use crate::stats::Rng;

const MEASURED: Conditions = Conditions { optimized: true, test: false };

/// `hub::m::name`, measured within one per cent.
fn case(name: &str, args: &[&str], threads: Option<u32>, time_ns: f64) -> CaseRecord {
    let arg = args.first().map_or(String::new(), |arg| format!("[{arg}]"));
    let end = threads.map_or(String::new(), |threads| format!("{{t={threads}}}"));
    serde_json::from_value(json!({
        "id": format!("hub::m::{name}{arg}{end}"), "crate": "hub", "group": "m", "name": name,
        "args": args, "threads": threads, "tags": [], "source": { "file": "src/m.rs", "line": 1 },
        "status": "measured", "notes": [],
        "metrics": { "time": {
            "unit": "ns", "better": "lower", "estimate": time_ns,
            "low": time_ns * 0.99, "high": time_ns * 1.01, "level": 0.992,
        } },
    }))
    .unwrap()
}

/// A benchmark over these sizes, with what it promises.
fn over(sizes: &[u32], promised: Option<&str>, law: impl Fn(f64) -> f64) -> Vec<CaseRecord> {
    let case = |size: &u32| {
        let mut case = case("sort", &[&size.to_string()], None, law(f64::from(*size)));
        case.complexity = promised.and_then(Growth::from_name);
        case
    };
    let mut cases: Vec<CaseRecord> = sizes.iter().map(case).collect();
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases
}

fn only(cases: &[CaseRecord], conditions: Conditions) -> ScalingRecord {
    let mut records = fit_scaling(cases, conditions, 1);
    assert_eq!(records.len(), 1, "{records:#?}");
    records.remove(0)
}

const SIZES: [u32; 5] = [64, 256, 1024, 4096, 16384];

#[test]
fn growth_is_fitted_in_the_order_of_sizes() {
    let record = only(&over(&SIZES, None, |n| 7.0 + 8.9 * n), MEASURED);
    assert_eq!(record.id.as_str(), "hub::m::sort");
    assert_eq!((record.kind, record.chosen), (ScalingKind::Growth, Some(Growth::Linear)));
    let sizes: Vec<f64> = record.points.iter().map(|point| point.n).collect();
    assert_eq!(sizes, SIZES.map(f64::from));
    let best = record.best().unwrap();
    assert!(best.weight > 0.95 && (best.factor_ns - 8.9).abs() < 0.01, "{best:?}");
    assert!(!record.ambiguous && record.verdict.is_none() && record.complexity.is_none());
}

#[test]
fn benchmarks_stay_apart() {
    let mut cases = over(&SIZES, None, |n| n);
    for size in SIZES {
        let mut twin = case("sort", &[&size.to_string()], None, 3.0 * f64::from(size).powi(2));
        twin.id = format!("hub::m::sort#2[{size}]").into();
        twin.source.line = 99;
        cases.push(twin);
    }
    cases.extend([8, 16, 32].map(|n: u32| case("three", &[&n.to_string()], None, 5.0)));
    cases.push(case("alone", &[], None, 5.0));
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    let records = fit_scaling(&cases, MEASURED, 1);
    let found: Vec<_> = records.iter().map(|r| (r.id.as_str(), r.chosen.unwrap())).collect();
    let expected = [("hub::m::sort#2", Growth::Quadratic), ("hub::m::sort", Growth::Linear)];
    assert_eq!(found, expected);
}

#[test]
fn sizes_are_whole_numbers_or_items() {
    for label in ["7", "1_000", "0", "18446744073709551616"] {
        assert!(whole_number(label).is_some(), "{label}");
    }
    for label in ["", "_", "-1", "+1", "1.5", "1k", "64x64", "１"] {
        assert_eq!(whole_number(label), None, "{label}");
    }
    assert_eq!(whole_number("1_000"), Some(1000.0));
    let worded = |items: fn(usize) -> f64| -> Vec<CaseRecord> {
        let words = ["a", "b", "c", "d", "e"];
        let each = words.iter().enumerate().map(|(at, word)| {
            let mut case = case("words", &[word], None, 10.0 * items(at));
            let count = items(at);
            case.counters = vec![crate::record::Counter { kind: CounterKind::Items, count }];
            case
        });
        each.collect()
    };
    let growing = only(&worded(|at| [8.0, 32.0, 128.0, 512.0, 2048.0][at]), MEASURED);
    assert_eq!((growing.chosen, growing.points[1].n), (Some(Growth::Linear), 32.0));
    assert!(fit_scaling(&worded(|_| 8.0), MEASURED, 1).is_empty());
    let mut promised = worded(|_| 8.0);
    for case in &mut promised {
        case.complexity = Some(Growth::Linear);
    }
    let reason = only(&promised, MEASURED).reason.unwrap();
    assert!(reason.contains("not whole numbers"), "{reason}");
}

#[test]
fn broken_cases_are_left_out() {
    let mut cases = over(&[8, 16, 32, 64, 128, 256], Some("n"), |n| n);
    (cases[0].status, cases[1].status) = (Status::Panicked, Status::Skipped);
    cases[1].metrics.clear();
    let record = only(&cases, MEASURED);
    assert_eq!((record.points.len(), record.models.len()), (4, 0));
    assert_eq!(record.reason.as_deref(), Some("4 sizes with a time; it takes 5"));
    for case in &mut cases {
        case.metrics.clear();
    }
    assert!(fit_scaling(&cases, MEASURED, 1).is_empty(), "nothing was measured");
}

#[test]
fn promises_are_kept_broken_or_open() {
    let verdict = |promised, sizes: &[u32], law: fn(f64) -> f64, conditions| {
        let record = only(&over(sizes, Some(promised), law), conditions);
        (record.verdict.unwrap(), record.reason.unwrap_or_default())
    };
    let judged = |promised, law| verdict(promised, &SIZES, law, MEASURED);
    let (held, exceeded) = (ComplexityVerdict::Held, ComplexityVerdict::Exceeded);
    assert_eq!(judged("n", |n| 5.0 * n), (held, String::new()));
    assert_eq!(judged("n^2", |n| 5.0 * n), (held, String::new()));
    assert_eq!(judged("n", |n| n * n), (exceeded, String::new()));
    assert_eq!(judged("n", |n| n * n.log2()), (exceeded, String::new()));
    assert_eq!(judged("1", |n| 100.0 + n), (exceeded, String::new()));
    assert_eq!(judged("1", |n| 100.0 + n / 1e3), (held, String::new()));
    let open = ComplexityVerdict::Inconclusive;
    let three = verdict("n", &SIZES[..3], |n| n * n, MEASURED);
    assert_eq!(three, (open, "3 sizes with a time; it takes 5".to_owned()));
    let unoptimised = Conditions { optimized: false, test: false };
    let (found, why) = verdict("n", &SIZES, |n| n * n, unoptimised);
    assert!(found == open && why.contains("optimised build"), "{why}");
    let (found, why) = verdict("n", &SIZES, |n| n * n, Conditions { optimized: true, test: true });
    assert!(found == open && why.contains("run once"), "{why}");
}

#[test]
fn one_iteration_each_is_not_fitted() {
    let test = Conditions { optimized: true, test: true };
    assert!(fit_scaling(&over(&SIZES, None, |n| n), test, 1).is_empty());
    assert!(only(&over(&SIZES, Some("n"), |n| n), test).models.is_empty());
    let threads: Vec<_> =
        (1..=6).map(|t| case("broadcast", &[], Some(t), 100.0 * f64::from(t))).collect();
    assert!(fit_scaling(&threads, test, 1).is_empty());
}

#[test]
fn threads_scale_for_each_argument_and_growth_for_each_number_of_threads() {
    let mut cases = Vec::new();
    for size in SIZES {
        for threads in [1, 2, 4, 8_u32] {
            let n = f64::from(threads);
            let time = f64::from(size) * (1.0 + 0.1 * (n - 1.0) + 0.01 * n * (n - 1.0));
            cases.push(case("broadcast", &[&size.to_string()], Some(threads), time));
        }
    }
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    let records = fit_scaling(&cases, MEASURED, 1);
    let of_growth: Vec<_> =
        records.iter().filter(|r| r.kind == ScalingKind::Growth).map(|r| r.threads).collect();
    assert_eq!(of_growth, [Some(1), Some(2), Some(4), Some(8)]);
    let of_threads: Vec<_> = records.iter().filter(|r| r.kind == ScalingKind::Threads).collect();
    let args: Vec<_> = of_threads.iter().map(|r| r.arg.as_deref().unwrap()).collect();
    assert_eq!(args, ["1024", "16384", "256", "4096", "64"]);
    for record in &of_threads {
        let law = record.law.as_ref().unwrap();
        assert_eq!(record.id.as_str(), "hub::m::broadcast");
        assert!((law.sigma.estimate - 0.1).abs() < 1e-6, "{law:?}");
        assert!((law.peak.unwrap().estimate - 90_f64.sqrt()).abs() < 1e-3, "{law:?}");
    }
    let law = of_threads[4].law.as_ref().unwrap();
    // 64 ns an iteration on one thread.
    assert!((law.lambda.estimate - 1e9 / 64.0).abs() < 1.0, "{law:?}");
    assert!((law.throughput(8.0) / of_threads[4].points[3].throughput() - 1.0).abs() < 1e-6);
}

/// How often, of 400, a promise of `n` is broken by that law, with noise of up to 5 %. The law is
/// also given two borders between the sizes, which differ from round to round.
fn broken(seed: u64, sizes: &[u32], law: impl Fn(f64, [f64; 2]) -> f64) -> u32 {
    let mut rng = Rng::new(seed);
    let mut broken = 0;
    for round in 0..400_u32 {
        let noise = 0.01 * f64::from(1 + round % 5);
        let mut order = sizes.to_vec();
        rng.shuffle(&mut order);
        let borders = [f64::from(order[0]) * 0.99, f64::from(order[1]) * 0.99];
        let mut cases = over(sizes, Some("n"), |n| law(n, borders));
        for case in &mut cases {
            let metric = case.metrics.get_mut("time").unwrap();
            metric.estimate *= (noise * rng.normal()).exp();
            (metric.low, metric.high) =
                (Some(metric.estimate * 0.98), Some(metric.estimate * 1.02));
        }
        broken += u32::from(only(&cases, MEASURED).is_exceeded());
    }
    broken
}

#[test]
fn caches_do_not_break_the_promise_of_linear_code() {
    let ranges: [&[u32]; 4] = [
        &SIZES,
        &[10, 20, 30, 40, 50],
        &[16, 32, 64, 128, 256, 512, 1024, 2048],
        &[1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000],
    ];
    for sizes in ranges {
        let once = broken(61, sizes, |n, [border, _]| if n > border { 1.3 * n } else { n });
        let twice = broken(62, sizes, |n, borders| {
            borders.iter().filter(|border| n > **border).fold(n, |time, _| 1.3 * time)
        });
        assert!(once == 0 && twice <= 8, "{sizes:?}: {once} and {twice} of 400");
    }
}

#[test]
fn faster_growth_breaks_the_promise() {
    for sizes in [&SIZES[..], &[10, 20, 30, 40, 50], &[16, 32, 64, 128, 256, 512]] {
        let squared = broken(63, sizes, |n, _| 50.0 + n * n);
        assert!(squared >= 396, "{sizes:?}: {squared} of 400");
    }
    let sorting = broken(64, &SIZES, |n, _| n * n.log2());
    assert!(sorting >= 380, "{sorting} of 400");
}
