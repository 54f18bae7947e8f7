//! Two load tests side by side.
//!
//! There is no verdict. One run each says nothing of how the figures vary from run to run, and the
//! seconds of a run follow from one another: a test over them would call noise a change. What can be
//! said is by how much the figures differ, and whether they did so all the time or in a moment.

use crate::record::load::{
    LoadComparison, LoadFigure, LoadRecord, MetricUnit, ScenarioRecord, Tick, TrendSummary,
};

/// Ticks that lie within this of each other are at the same time of both runs: half a tick.
const SAME_TIME_NS: u64 = 500_000_000;
/// Fewer ticks in common than this say nothing about the course.
const FEWEST_TICKS: u64 = 5;

/// Rate, failures and percentiles of both, and what stands against comparing them at all.
pub(crate) fn compare_loads(baseline: &LoadRecord, candidate: &LoadRecord) -> LoadComparison {
    let sides = [baseline, candidate];
    let mut figures = vec![figure("rate", MetricUnit::One, sides.map(rate))];
    figures[0].ticks = course(sides, |tick| each_second(tick.iterations, tick.length_ns));
    figures.push(figure("failed", MetricUnit::One, sides.map(failed)));
    if let Some((name, trends)) = times(sides) {
        figures.push(percentile(&format!("{name} p50"), trends, |trend| trend.med));
        let mut p95 = percentile(&format!("{name} p95"), trends, |trend| trend.p95);
        p95.ticks = course(sides, |tick| tick.p95_ns);
        figures.push(p95);
        figures.push(percentile(&format!("{name} p99"), trends, |trend| trend.p99));
    }
    LoadComparison {
        baseline: baseline.run.id.clone(),
        candidate: candidate.run.id.clone(),
        figures,
        remarks: remarks(sides),
    }
}

fn figure(name: &str, unit: MetricUnit, [baseline, candidate]: [Option<f64>; 2]) -> LoadFigure {
    let ratio = baseline.zip(candidate).map(|(old, new)| new / old);
    LoadFigure {
        name: name.to_owned(),
        unit,
        baseline,
        candidate,
        ratio: ratio.filter(|ratio| ratio.is_finite()),
        ticks: None,
    }
}

fn percentile(
    name: &str,
    trends: [&TrendSummary; 2],
    of: fn(&TrendSummary) -> Option<f64>,
) -> LoadFigure {
    figure(name, MetricUnit::Nanoseconds, trends.map(of))
}

/// Times of iterations that both have: `response` where both are open.
fn times(sides: [&LoadRecord; 2]) -> Option<(&'static str, [&TrendSummary; 2])> {
    ["response", "iteration_duration"]
        .iter()
        .find_map(|name| Some((*name, [trend_of(sides[0], name)?, trend_of(sides[1], name)?])))
}

fn trend_of<'a>(side: &'a LoadRecord, name: &str) -> Option<&'a TrendSummary> {
    side.metrics.get(name)?.trend.as_ref()
}

fn rate(side: &LoadRecord) -> Option<f64> {
    side.metrics.get("iterations").and_then(|metric| metric.per_second)
}

/// The share of iterations that failed.
fn failed(side: &LoadRecord) -> Option<f64> {
    let sum = |of: fn(&ScenarioRecord) -> u64| side.scenarios.iter().map(of).sum::<u64>();
    let full = sum(|scenario| scenario.full);
    (full > 0).then(|| sum(|scenario| scenario.failed) as f64 / full as f64)
}

fn each_second(sum: u64, length_ns: u64) -> Option<f64> {
    (length_ns > 0).then(|| sum as f64 * 1e9 / length_ns as f64)
}

/// In how many ticks at the same time of both runs the candidate was above, and below.
fn course(
    [baseline, candidate]: [&LoadRecord; 2],
    of: impl Fn(&Tick) -> Option<f64>,
) -> Option<(u64, u64)> {
    let (mut above, mut below, mut common) = (0, 0, 0);
    let mut others = baseline.timeline.iter().peekable();
    for tick in &candidate.timeline {
        while others.next_if(|other| other.at_ns + SAME_TIME_NS <= tick.at_ns).is_some() {}
        let Some(other) =
            others.peek().filter(|other| other.at_ns.abs_diff(tick.at_ns) < SAME_TIME_NS)
        else {
            continue;
        };
        if let (Some(new), Some(old)) = (of(tick), of(other)) {
            common += 1;
            above += u64::from(new > old);
            below += u64::from(new < old);
        }
    }
    (common >= FEWEST_TICKS).then_some((above, below))
}

/// What to know before anything is made of the figures.
fn remarks(sides: [&LoadRecord; 2]) -> Vec<String> {
    let [baseline, candidate] = sides;
    let mut remarks = Vec::new();
    let executors = |side: &LoadRecord| -> Vec<_> {
        side.plan.scenarios.iter().map(|scenario| scenario.executor.clone()).collect()
    };
    if executors(baseline) != executors(candidate) {
        remarks.push("the scenarios differ, so the figures are of different loads".to_owned());
    }
    if baseline.run.target != candidate.run.target {
        remarks.push(format!(
            "the targets differ: {} and {}",
            baseline.run.target, candidate.run.target
        ));
    }
    if baseline.environment.cpu != candidate.environment.cpu
        || baseline.environment.cpus != candidate.environment.cpus
    {
        remarks.push("the machines differ".to_owned());
    }
    for (side, name) in [(baseline, "the baseline"), (candidate, "the candidate")] {
        if side.generator.limited {
            remarks.push(format!("the generator was the limit in {name}"));
        }
        if side.run.interrupted {
            remarks.push(format!("{name} was interrupted"));
        }
        if !side.run.passed {
            remarks.push(format!("{name} did not pass"));
        }
    }
    remarks.push(
        "one run each has no interval: repeat both before a difference is believed".to_owned(),
    );
    remarks
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a sample that cannot be read fails the test")]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../../tests/architecture/samples/load-schema-1.json");

    /// A passing run of that many ticks.
    fn run(p95_ms: impl Fn(u64) -> f64) -> LoadRecord {
        let mut record: LoadRecord = serde_json::from_str(SAMPLE).unwrap();
        (record.run.passed, record.run.interrupted) = (true, false);
        record.generator.limited = false;
        let tick = record.timeline[0].clone();
        let at = |second: u64| Tick {
            at_ns: second * 1_000_000_000 + second * 7_000_000,
            p95_ns: Some(p95_ms(second) * 1e6),
            ..tick.clone()
        };
        record.timeline = (1..=10).map(at).collect();
        let mut times = record.metrics["http_req_duration"].clone();
        let trend = times.trend.as_mut().unwrap();
        (trend.p95, trend.p99) = (Some(p95_ms(10) * 1e6), None);
        record.metrics.insert("response".to_owned(), times);
        record
    }

    #[test]
    fn figures_stand_side_by_side_and_nothing_is_called() {
        let old = run(|_| 10.0);
        let new = run(|second| if second == 3 { 9.0 } else { 12.0 });
        let compared = compare_loads(&old, &new);
        let p95 = compared.figures.iter().find(|figure| figure.name == "response p95").unwrap();
        assert_eq!((p95.ratio, p95.ticks), (Some(1.2), Some((9, 1))));
        let p99 = compared.figures.iter().find(|figure| figure.name == "response p99").unwrap();
        assert_eq!((p99.baseline, p99.ratio), (None, None));
        let rate = &compared.figures[0];
        assert_eq!((rate.name.as_str(), rate.ticks), ("rate", Some((0, 0))));
        assert_eq!(compared.remarks.len(), 1, "{:?}", compared.remarks);
        assert!(compared.remarks[0].contains("no interval"));
    }

    #[test]
    fn what_stands_against_comparing_is_told() {
        let old = run(|_| 10.0);
        let mut new = run(|_| 10.0);
        new.plan.scenarios.pop();
        "elsewhere".clone_into(&mut new.run.target);
        new.environment.cpus = Some(96);
        new.generator.limited = true;
        (new.run.interrupted, new.run.passed) = (true, false);
        let remarks = compare_loads(&old, &new).remarks.join("\n");
        for part in [
            "scenarios differ",
            "targets differ",
            "machines differ",
            "limit in the candidate",
            "candidate was interrupted",
            "candidate did not pass",
        ] {
            assert!(remarks.contains(part), "{part}: {remarks}");
        }
    }

    #[test]
    fn runs_without_a_common_course_have_none() {
        let old = run(|_| 10.0);
        let mut new = run(|_| 10.0);
        new.timeline.truncate(4);
        new.metrics.clear();
        let compared = compare_loads(&old, &new);
        assert!(compared.figures.iter().all(|figure| figure.ticks.is_none()));
        assert_eq!(compared.figures.len(), 2);
    }
}
