#![expect(clippy::unwrap_used, reason = "text that is not JSON fails the test")]

use serde_json::{Value, json};

use super::*;
use crate::record::{Counter, LaunchRecord, Metric, Status, Unit, Warmup, metric_name};
use crate::report::fixture::{broken, measured, mixed_run, run_of};

fn launch(median_ns: f64) -> LaunchRecord {
    LaunchRecord {
        median_ns,
        samples: 50,
        voided: 0,
        iterations: 1_000,
        first_ns: 200.0,
        first_faults: None,
        warmup: Warmup { spent_ns: 1e6, settled: true },
        anchor_ns: None,
        samples_ns: Vec::new(),
    }
}

/// 100 ns, and launches that show what an empty loop takes on top: 1 ns.
fn launched() -> CaseRecord {
    let mut case = measured("hub_tasks", "queue", "push[1000]", 100.0, 2.0);
    case.args = vec!["1000".to_owned()];
    case.launches = [99.0, 101.0, 103.0].map(launch).into();
    if let Some(time) = case.metrics.get_mut(metric_name::TIME) {
        time.level = Some(0.99);
    }
    case.counters = vec![
        Counter { kind: CounterKind::Cycles, count: 3.0 },
        Counter { kind: CounterKind::Bytes, count: 16.0 },
    ];
    case
}

fn read(files: &[TreeFile], path: &str) -> Value {
    let file = files.iter().find(|file| file.path == path).unwrap();
    serde_json::from_slice(&file.bytes).unwrap()
}

#[test]
fn four_files_for_each_case() {
    let files = render_criterion(&run_of(vec![launched()]), "new").unwrap();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "hub_tasks__queue/push/1000/new/benchmark.json",
            "hub_tasks__queue/push/1000/new/estimates.json",
            "hub_tasks__queue/push/1000/new/sample.json",
            "hub_tasks__queue/push/1000/new/tukey.json",
        ]
    );
    assert_eq!(
        String::from_utf8_lossy(&files[0].bytes),
        r#"{"group_id":"hub_tasks::queue","function_id":"push","value_str":"1000","throughput":{"Bytes":16},"full_id":"hub_tasks::queue/push/1000","directory_name":"hub_tasks__queue/push/1000","title":"hub_tasks::queue/push/1000"}"#
    );
}

#[test]
fn the_sample_is_the_launches_without_the_loop() {
    let files = render_criterion(&run_of(vec![launched()]), "new").unwrap();
    let of = |file: &str| read(&files, &format!("hub_tasks__queue/push/1000/new/{file}.json"));
    assert_eq!(
        of("sample"),
        json!({"sampling_mode": "Flat", "iters": [1e3, 1e3, 1e3], "times": [98e3, 100e3, 102e3]})
    );
    assert_eq!(of("tukey"), json!([93.0, 96.0, 104.0, 107.0]));
    let estimates = of("estimates");
    assert_eq!(estimates["slope"], Value::Null);
    assert_eq!(estimates["mean"]["point_estimate"], 100.0);
    assert_eq!(estimates["std_dev"]["point_estimate"], 2.0);
    assert_eq!(
        estimates["median"]["confidence_interval"],
        json!({"confidence_level": 0.99, "lower_bound": 98.0, "upper_bound": 102.0})
    );
    // t(0.975, 2 degrees of freedom) = 4.3027, over the square root of three.
    let low = estimates["mean"]["confidence_interval"]["lower_bound"].as_f64().unwrap();
    assert!((low - (100.0 - 4.302_653 * 2.0 / 3_f64.sqrt())).abs() < 1e-5, "{low}");
    let mad = estimates["median_abs_dev"]["point_estimate"].as_f64().unwrap();
    assert!((mad - 2.0 * 1.482_602).abs() < 1e-5, "{mad}");
}

#[test]
fn of_a_single_process_the_interval_tells_the_scatter() {
    let mut case = measured("a", "", "b", 100.0, 0.196);
    case.metrics.get_mut(metric_name::TIME).unwrap().samples = Some(400);
    let mean = Metric::point(Unit::Nanoseconds, crate::record::Better::Lower, 101.0);
    case.metrics.insert(metric_name::TIME_MEAN.to_owned(), mean);
    let files = render_criterion(&run_of(vec![case]), "main").unwrap();
    let estimates = read(&files, "a/b/main/estimates.json");
    assert_eq!(estimates["mean"]["point_estimate"], 101.0);
    // 0.1 is the standard error of the median; 20 times that, over 1.2533, the deviation of 400.
    let sd = estimates["std_dev"]["point_estimate"].as_f64().unwrap();
    assert!((sd - 2.0 / 1.253_314).abs() < 1e-3, "{sd}");
    assert_eq!(read(&files, "a/b/main/sample.json")["times"], json!([100.0]));
}

#[test]
fn what_has_no_time_or_no_scatter_is_not_there() {
    let mut cold = measured("a", "", "cold", 100.0, 1.0);
    let time = cold.metrics.get_mut(metric_name::TIME).unwrap();
    (time.low, time.high) = (None, None);
    let failed = broken("a", "", "failed", Status::Failed, "why");
    assert_eq!(render_criterion(&run_of(vec![cold, failed]), "new").unwrap(), []);
    assert_eq!(render_criterion(&mixed_run(), "new").unwrap().len(), 3 * 4);
}

#[test]
fn nothing_leads_out_of_the_tree() {
    let names = ["../../etc/passwd", "..", "/abs", "a\0b", "<script>\"", "", "C:\\x", "é中🚀"];
    let cases = names.iter().map(|name| measured("..", "..", name, 1.0, 0.1));
    let files = render_criterion(&run_of(cases.collect()), "new").unwrap();
    assert_eq!(files.len(), names.len() * 4);
    let mut seen = std::collections::BTreeSet::new();
    for file in &files {
        let components: Vec<&str> = file.path.split('/').collect();
        assert!((4..=5).contains(&components.len()), "{}", file.path);
        for part in components {
            assert!(
                !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0', ':']),
                "{part}"
            );
        }
        assert!(seen.insert(file.path.clone()), "{} twice", file.path);
    }
    for bad in ["", "..", "a/b", "a\0"] {
        assert!(render_criterion(&mixed_run(), bad).is_err(), "{bad:?}");
    }
}
