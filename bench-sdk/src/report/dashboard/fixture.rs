//! Invented histories.

use super::history::{Dashboard, LeftOut, ShownComparison};
use crate::record::{
    Better, CaseRecord, LaunchRecord, Metric, Note, RunRecord, Unit, Warmup, metric_name,
};
use crate::report::comparison_fixture::hub_gate;
use crate::report::fixture::{broken, measured, run_of, with};

/// Two runs of three cases, of which one breaks and one is new, with a baseline and a comparison.
pub(super) fn small() -> Dashboard {
    let mut dashboard = Dashboard::default();
    let push =
        |ns: f64| with(measured("hub", "queue", "push[10]", ns, 2.5), "allocs", Unit::One, 2.0);
    let mut noisy = push(837.04);
    noisy.notes.push(Note::remark("single_launch", "there was one launch"));
    noisy.notes.push(Note::warning("noisy", "24 % of the samples were disturbed"));
    let panicked =
        broken("hub", "", "ingest", crate::record::Status::Panicked, "index out of bounds");
    let first = vec![measured("hub", "", "ingest", 1e6, 1e3), push(812.437)];
    let second = vec![panicked, noisy, measured("hub", "", "new", 0.31, 0.01)];
    dashboard.add_run(named(run_of(first), 1));
    dashboard.add_run(named(run_of(second), 2));
    dashboard.set_baseline("main", "2026-01-01T00:00:00Z", &[run_of(vec![push(800.0)])]);
    dashboard.add_comparison(ShownComparison { folder: None, record: hub_gate() });
    dashboard.leave_out(LeftOut { name: "20260103_120000_3f2a".into(), reason: "damaged".into() });
    dashboard.set_older(4);
    dashboard
}

/// The run of that day.
pub(super) fn named(mut run: RunRecord, day: u32) -> RunRecord {
    run.run.id = format!("202601{day:02}_120000_3f2a");
    run.run.started_at = format!("2026-01-{day:02}T12:00:00Z");
    run
}

/// Runs of benchmarks whose figures never repeat; the last one has everything that a record can have.
pub(super) fn large(cases: usize, runs: usize) -> Dashboard {
    let mut dashboard = Dashboard::default();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut noise = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    for run in 0..runs {
        let is_last = run + 1 == runs;
        let list = (0..cases).map(|case| large_case(case, is_last, &mut noise)).collect();
        let mut record = run_of(list);
        record.run.id = format!("20260101_{run:06}_3f2a");
        dashboard.add_run(record);
    }
    dashboard
}

fn large_case(case: usize, is_whole: bool, noise: &mut impl FnMut() -> f64) -> CaseRecord {
    let size = 10_f64.powf(1.0 + (case % 50) as f64 / 8.0);
    let ns = size * (1.0 + 0.02 * noise());
    let module = format!("module_{}::part_{}", case % 40, case % 7);
    let name = format!("benchmark_{case}[{}]", case % 9);
    let mut record = measured("hub_tasks", &module, &name, ns, ns * 0.004 * noise());
    let names: &[&str] = if is_whole { metric_name::ALL } else { &super::history::KEPT };
    for name in names.iter().filter(|name| **name != metric_name::TIME) {
        let value = match *name {
            // What code does repeats; memory comes in pages.
            metric_name::ALLOCS => (case % 30) as f64,
            metric_name::ALLOC_BYTES => (case % 30) as f64 * 104.0,
            metric_name::INSTRUCTIONS => size * 7.0 * (1.0 + 1e-4 * noise()),
            metric_name::PEAK_RSS => 3_145_728.0 + 4_096.0 * (64.0 * noise()).floor(),
            _ => size * noise(),
        };
        let mut metric = Metric::point(Unit::Nanoseconds, Better::Lower, value);
        (metric.low, metric.high) = (Some(value * 0.99), Some(value * 1.012));
        (metric.level, metric.samples) = (Some(0.992_187_5), Some(8));
        record.metrics.insert((*name).to_owned(), metric);
    }
    if is_whole {
        record.launches = (0..8).map(|_| launch(ns * (1.0 + 0.01 * noise()))).collect();
        for launch in &mut record.launches {
            launch.samples_ns = (0..32).map(|_| ns * (1.0 + 0.02 * noise())).collect();
        }
        record.notes.push(Note::warning("noisy", "24 % of the samples were disturbed by others"));
    }
    record
}

pub(super) fn launch(median_ns: f64) -> LaunchRecord {
    LaunchRecord {
        median_ns,
        samples: 391,
        voided: 3,
        iterations: 43_051,
        first_ns: median_ns * 25.123_456_7,
        first_faults: Some(3),
        warmup: Warmup { spent_ns: 9_088_120.0, settled: true },
        anchor_ns: Some(8_813.123),
        samples_ns: Vec::new(),
    }
}
