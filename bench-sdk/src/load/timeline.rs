//! What adds up over the ticks of a run.

use std::sync::Arc;

use super::course::Used;
use super::engine::{Finished, Step, sum_of};
use super::executor::Common;
use super::ledger::Noted;
use super::schedule::{phase_at, planned_between};
use crate::record::load::{Builtin, LoadPlan, MetricKind, MetricUnit, Tick};
use crate::stats::{Distribution, Metrics, Quantile, Series};

/// Ticks kept of a run; from then on two and two are made one.
const MAX_TICKS: usize = 4000;

/// The totals and the ticks of a run so far.
pub(super) struct Timeline {
    totals: Metrics,
    noted: Noted,
    ticks: Vec<Tick>,
    last: Option<Tick>,
    /// Iterations under way now.
    in_flight: u64,
    vus_max: Vec<u64>,
    /// How many ticks make one that is kept.
    stride: usize,
    gathered: Vec<Tick>,
    elapsed_ns: u64,
}

impl Timeline {
    pub(super) fn new(scenarios: usize) -> Self {
        Self {
            totals: Metrics::new(),
            noted: Noted::default(),
            ticks: Vec::new(),
            last: None,
            in_flight: 0,
            vus_max: vec![0; scenarios],
            stride: 1,
            gathered: Vec::new(),
            elapsed_ns: 0,
        }
    }

    /// Whether no tick has been taken yet.
    pub(super) fn is_empty(&self) -> bool {
        self.last.is_none()
    }

    /// Adds the numbers of virtual users, which nobody records by themselves.
    pub(super) fn users(&mut self, common: &[Arc<Common>], interval: &mut Metrics) {
        let mut gauge = |metric: Builtin, value: u64| {
            let mut series = Series::empty(MetricKind::Gauge, MetricUnit::One);
            series.add(value as f64);
            interval.insert(metric.name().to_owned(), series);
        };
        gauge(Builtin::Vus, sum_of(common, |common| &common.active));
        gauge(Builtin::VusMax, sum_of(common, |common| &common.ready));
        for (most, common) in self.vus_max.iter_mut().zip(common) {
            let ready = common.ready.load(std::sync::atomic::Ordering::Relaxed);
            *most = (*most).max(ready);
        }
        let in_flight = sum_of(common, |common| &common.in_flight);
        self.in_flight = in_flight;
    }

    /// Adds what came in the tick that ends now.
    pub(super) fn push(
        &mut self,
        plan: &LoadPlan,
        at_ns: u64,
        interval: &Metrics,
        noted: Noted,
        used: Used,
    ) {
        let in_flight = std::mem::take(&mut self.in_flight);
        let length_ns = at_ns.saturating_sub(self.elapsed_ns);
        let mut tick = tick_of(interval, &noted, in_flight);
        (tick.at_ns, tick.length_ns) = (at_ns, length_ns);
        tick.generator_cpu_ns = used.generator_cpu_ns;
        tick.generator_rss = used.generator_rss;
        tick.target_cpu_ns = used.target_cpu_ns;
        (tick.target_rss, tick.target_descriptors) = (used.target.rss, used.target.descriptors);
        // A tick is about what lies in it, and in the middle of it is most of that.
        let middle_ns = at_ns - length_ns / 2;
        let at_work = plan.scenarios.iter().filter(|scenario| {
            let from = scenario.start_time_ns;
            (from..=from.saturating_add(scenario.executor.duration_ns())).contains(&middle_ns)
        });
        // Rates and numbers of users do not add up: the one that is at work first is told.
        if let Some(scenario) = at_work.into_iter().next() {
            let into = |ns: u64| ns.saturating_sub(scenario.start_time_ns);
            let from_ns = into(at_ns - length_ns);
            tick.planned = planned_between(&scenario.executor, from_ns, into(at_ns));
            tick.phase = Some(phase_at(scenario, into(middle_ns)));
        }
        self.elapsed_ns = at_ns;
        for (name, series) in interval {
            match self.totals.get_mut(name) {
                Some(sum) => sum.merge(series),
                None => drop(self.totals.insert(name.clone(), series.clone())),
            }
        }
        self.noted.merge(noted);
        self.keep(tick.clone());
        self.last = Some(tick);
    }

    /// What is known after the last tick.
    pub(super) fn step<'a>(&'a self, interval: &'a Metrics) -> Option<Step<'a>> {
        let tick = self.last.as_ref()?;
        Some(Step { tick, totals: &self.totals, interval })
    }

    /// The end of the run.
    pub(super) fn finish(mut self, aborted: Option<String>) -> Finished {
        self.flush();
        Finished {
            elapsed_ns: self.elapsed_ns,
            totals: self.totals,
            noted: self.noted,
            timeline: self.ticks,
            aborted,
            vus_max: self.vus_max,
        }
    }

    /// Keeps a tick, so that a long run keeps no more of them than a short one.
    fn keep(&mut self, tick: Tick) {
        self.gathered.push(tick);
        if self.gathered.len() < self.stride {
            return;
        }
        self.flush();
        if self.ticks.len() >= MAX_TICKS {
            self.ticks = self.ticks.chunks(2).filter_map(together).collect();
            self.stride *= 2;
        }
    }

    fn flush(&mut self) {
        let gathered = std::mem::take(&mut self.gathered);
        self.ticks.extend(together(&gathered));
    }
}

/// What happened in a tick.
fn tick_of(interval: &Metrics, noted: &Noted, in_flight: u64) -> Tick {
    let sum = |metric: Builtin| match interval.get(metric.name()) {
        Some(Series::Counter { sum, .. }) => *sum as u64,
        Some(Series::Gauge { last, .. }) => *last as u64,
        Some(Series::Rate { passes, .. }) => *passes,
        _ => 0,
    };
    let trend = |metric: Builtin| match interval.get(metric.name()) {
        Some(Series::Trend { values, .. }) => Some(values),
        _ => None,
    };
    let latency = trend(Builtin::Response).or_else(|| trend(Builtin::IterationDuration));
    let at = |values: Option<&Distribution>, q| {
        let known = values?.quantile(q).and_then(Quantile::known)?;
        Some(known as f64)
    };
    Tick {
        vus: sum(Builtin::Vus),
        in_flight,
        iterations: noted.scenarios.iter().map(|counts| counts.full).sum(),
        failed: noted.scenarios.iter().map(|counts| counts.failed).sum(),
        dropped: noted.scenarios.iter().map(|counts| counts.dropped).sum(),
        requests: sum(Builtin::HttpReqs),
        requests_failed: sum(Builtin::HttpReqFailed),
        p50_ns: at(latency, 0.5),
        p95_ns: at(latency, 0.95),
        p99_ns: at(latency, 0.99),
        lateness_p99_ns: at(trend(Builtin::Lateness), 0.99),
        received: sum(Builtin::DataReceived),
        sent: sum(Builtin::DataSent),
        ..Tick::default()
    }
}

/// Several ticks as one: sums added, percentiles the greatest of them, the rest that of the last.
fn together(ticks: &[Tick]) -> Option<Tick> {
    let mut made = ticks.last()?.clone();
    for tick in &ticks[..ticks.len() - 1] {
        made.length_ns += tick.length_ns;
        made.iterations += tick.iterations;
        made.failed += tick.failed;
        made.dropped += tick.dropped;
        made.requests += tick.requests;
        made.requests_failed += tick.requests_failed;
        made.received += tick.received;
        made.sent += tick.sent;
        made.p50_ns = greater(made.p50_ns, tick.p50_ns);
        made.p95_ns = greater(made.p95_ns, tick.p95_ns);
        made.p99_ns = greater(made.p99_ns, tick.p99_ns);
        made.lateness_p99_ns = greater(made.lateness_p99_ns, tick.lateness_p99_ns);
        made.generator_cpu_ns = added(made.generator_cpu_ns, tick.generator_cpu_ns);
        made.target_cpu_ns = added(made.target_cpu_ns, tick.target_cpu_ns);
    }
    Some(made)
}

fn greater(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}

fn added(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}
