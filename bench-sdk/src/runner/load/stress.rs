//! A stress test: open-loop windows at rates that a search chooses.

use super::assembled::{Ended, assemble};
use super::test::LoadTest;
use crate::analysis::load::{Search, SearchStep, judge_generator, why_not_passed};
use crate::load::{Finished, Target};
use crate::plan::load::Stress;
use crate::record::load::{
    Arrivals, Builtin, Capacity, Executor, LoadPlan, LoadRecord, Probed, ThresholdRecord, Tick,
    WhenBusy,
};
use crate::report::Fanout;
use crate::stats::{Metrics, Quantile, Series};

/// Searches for the highest rate that meets the thresholds. Metrics and thresholds of the record
/// are those of the window it rests on: the confirming one, else the last that held, else the last.
pub(crate) fn stress<T: Target>(
    test: &LoadTest<T>,
    bounds: &Stress,
    reporters: &mut Fanout,
) -> Result<LoadRecord, String> {
    let header = test.header();
    test.announce(&header, reporters);
    let scale = test.plan.time_scale;
    let seconds = bounds.window.as_secs_f64() * scale;
    let longest = bounds.longest.as_secs_f64() * scale;
    let mut search = Search::new(bounds.first_per_second, seconds, longest, test.plan.seed);
    let mut course = Course::default();
    let capacity = loop {
        let (rate, seconds) = match search.next() {
            SearchStep::Try { rate, seconds } | SearchStep::Confirm { rate, seconds } => {
                (rate, seconds)
            }
            SearchStep::Done(capacity) => break Some(*capacity),
        };
        let plan = at_rate(&test.plan, rate, seconds, bounds.max_vus);
        let (finished, thresholds) = test.run(&plan, course.elapsed_ns, false, reporters)?;
        let probed = probed(test, rate, &finished, &thresholds);
        if test.stop.is_stopping() {
            // What was cut short says nothing about the rate.
            course.take(Ended { finished, thresholds }, false);
            break None;
        }
        let held = probed.passed;
        search.tell(probed);
        course.take(Ended { finished, thresholds }, held);
    };
    let Some(ended) = course.rests_on.or(course.last) else {
        return Err("the search for the highest rate had no time for a single window".to_owned());
    };
    let mut record = assemble(test, header, &ended);
    record.run.duration_ns = course.elapsed_ns;
    record.timeline = course.timeline;
    record.run.passed &= capacity.as_ref().is_some_and(has_held);
    record.capacity = capacity;
    Ok(record)
}

/// Whether any rate held, as far as could be seen.
fn has_held(capacity: &Capacity) -> bool {
    capacity.probes.iter().any(|probe| probe.passed)
}

/// All windows so far.
#[derive(Default)]
struct Course {
    elapsed_ns: u64,
    timeline: Vec<Tick>,
    /// The last window that held.
    rests_on: Option<Ended>,
    last: Option<Ended>,
}

impl Course {
    fn take(&mut self, ended: Ended, held: bool) {
        let begun_ns = self.elapsed_ns;
        self.elapsed_ns += ended.finished.elapsed_ns;
        self.timeline.extend(
            ended
                .finished
                .timeline
                .iter()
                .map(|tick| Tick { at_ns: begun_ns + tick.at_ns, ..tick.clone() }),
        );
        if held { self.rests_on = Some(ended) } else { self.last = Some(ended) }
    }
}

/// The plan of one window. Iterations that have not ended half a window after it are cut off, and
/// count as longer than all others.
fn at_rate(plan: &LoadPlan, rate: f64, seconds: f64, max_vus: u64) -> LoadPlan {
    let duration_ns = (seconds * 1e9) as u64;
    let mut plan = plan.clone();
    plan.scenarios.truncate(1);
    for scenario in &mut plan.scenarios {
        scenario.executor = Executor::ConstantArrivalRate {
            rate: rate.round().max(1.0) as u64,
            time_unit_ns: 1_000_000_000,
            duration_ns,
            pre_allocated_vus: max_vus,
            max_vus,
            arrivals: Arrivals::Uniform,
            when_busy: WhenBusy::Drop,
        };
        scenario.start_time_ns = 0;
        scenario.graceful_stop_ns = scenario.graceful_stop_ns.min(duration_ns / 2);
    }
    plan
}

/// What a window showed.
fn probed<T: Target>(
    test: &LoadTest<T>,
    rate: f64,
    finished: &Finished,
    thresholds: &[ThresholdRecord],
) -> Probed {
    let threads = test.equipment.threads as u32;
    let generator =
        judge_generator(&finished.timeline, &finished.totals, threads, test.shares_process);
    let counts = finished.noted.scenarios.first().copied().unwrap_or_default();
    let lost = counts.failed + counts.interrupted + counts.dropped;
    let all = counts.full + counts.interrupted + counts.dropped;
    let seconds = finished.elapsed_ns as f64 / 1e9;
    Probed {
        planned_per_second: rate,
        reached_per_second: (counts.full - counts.failed) as f64 / seconds.max(1e-9),
        in_flight: in_flight(&finished.totals, finished.elapsed_ns),
        p95_ns: p95(&finished.totals),
        failed: if all == 0 { 1.0 } else { lost as f64 / all as f64 },
        passed: why_not_passed(thresholds, &finished.totals).is_none(),
        limited: generator.limited.is_some(),
    }
}

/// Iterations under way on average, by Little's law: the time that all of them took together, over
/// that of the window.
fn in_flight(totals: &Metrics, elapsed_ns: u64) -> f64 {
    let taken = |metric: Builtin| match totals.get(metric.name())? {
        Series::Trend { values, .. } => values.mean().map(|mean| mean * values.count() as f64),
        _ => None,
    };
    let taken = taken(Builtin::Service).or_else(|| taken(Builtin::IterationDuration));
    taken.unwrap_or(0.0) / elapsed_ns.max(1) as f64
}

fn p95(totals: &Metrics) -> Option<f64> {
    match totals.get("response")? {
        Series::Trend { values, .. } => {
            values.quantile(0.95).and_then(Quantile::known).map(|ns| ns as f64)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_flight_follows_from_how_long_iterations_took() {
        let totals = |metric: Builtin| {
            let mut series = Series::empty(metric.kind(), metric.unit());
            (0..100).for_each(|_| series.add(140e3));
            Metrics::from([(metric.name().to_owned(), series)])
        };
        // 10 a second of 140 us each.
        for metric in [Builtin::Service, Builtin::IterationDuration] {
            let found = in_flight(&totals(metric), 10_000_000_000);
            assert!((found - 0.0014).abs() < 0.00002, "{found}");
        }
        assert_eq!(in_flight(&Metrics::new(), 0).to_bits(), 0.0_f64.to_bits());
    }
}
