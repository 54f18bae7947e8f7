//! Plans, series and ticks for tests.

#![expect(clippy::panic, reason = "a test may fail by panicking")]

use crate::plan::load::parse_line;
use crate::record::load::{
    Arrivals, Builtin, Executor, LoadKind, LoadPlan, MetricKind, MetricUnit, Scenario, Tick,
    WhenBusy,
};
use crate::stats::{Metrics, Series};

pub(super) const SECOND: u64 = 1_000_000_000;
pub(super) const MS: u64 = 1_000_000;

/// A plan of one scenario, open or closed, of a minute.
pub(super) fn plan(is_open: bool, thresholds: &[&str]) -> LoadPlan {
    let duration_ns = 60 * SECOND;
    let executor = if is_open {
        Executor::ConstantArrivalRate {
            rate: 100,
            time_unit_ns: SECOND,
            duration_ns,
            pre_allocated_vus: 10,
            max_vus: 10,
            arrivals: Arrivals::Uniform,
            when_busy: WhenBusy::Drop,
        }
    } else {
        Executor::ConstantVus { vus: 10, duration_ns }
    };
    let scenario = Scenario {
        name: "default".to_owned(),
        executor,
        start_time_ns: 0,
        graceful_stop_ns: 0,
        exec: None,
        env: [].into(),
        tags: [].into(),
        phases: Vec::new(),
    };
    LoadPlan {
        name: "t".to_owned(),
        kind: LoadKind::Load,
        scenarios: vec![scenario],
        thresholds: thresholds
            .iter()
            .map(|text| parse_line(text).unwrap_or_else(|error| panic!("{error}")))
            .collect(),
        seed: 1,
        time_scale: 1.0,
    }
}

/// A series of a metric of ours with these samples; times in milliseconds.
pub(super) fn series(metric: Builtin, samples: &[f64]) -> Series {
    own(metric.kind(), metric.unit(), samples)
}

/// A series of any metric; times in milliseconds.
pub(super) fn own(kind: MetricKind, unit: MetricUnit, samples: &[f64]) -> Series {
    let mut series = Series::empty(kind, unit);
    let factor = if unit == MetricUnit::Nanoseconds { 1e6 } else { 1.0 };
    for sample in samples {
        series.add(sample * factor);
    }
    series
}

/// Series by the names of metrics of ours.
pub(super) fn metrics(of: &[(Builtin, &[f64])]) -> Metrics {
    of.iter().map(|(metric, s)| (metric.name().to_owned(), series(*metric, s))).collect()
}

/// The tick that ends with that second.
pub(super) fn tick(second: u64, p95_ms: Option<f64>) -> Tick {
    Tick {
        at_ns: second * SECOND,
        length_ns: SECOND,
        p95_ns: p95_ms.map(|ms| ms * 1e6),
        ..Tick::default()
    }
}
