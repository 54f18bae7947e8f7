//! How the cases of one benchmark scale: growth over its arguments, throughput over its threads.

use super::Conditions;
use super::complexity::judge;
use crate::record::{
    CaseId, CaseRecord, Coefficient, CounterKind, GrowthModel, ScalabilityLaw, ScalingKind,
    ScalingPoint, ScalingRecord, metric_name,
};
use crate::stats::{Bounded, GrowthFit, MIN_LEVELS, Point, fit_growth, fit_scalability};

/// Below this weight the law with the most of it is one among others.
const CLEAR: f64 = 0.9;
/// Standard errors in half a 99 % interval.
const ERRORS_IN_HALF_INTERVAL: f64 = 2.576;
/// Relative error of a time without an interval.
const UNKNOWN_ERROR: f64 = 0.05;

/// Fits what can be fitted to the cases, which are in the order of their ids. What promises a
/// complexity gets a verdict, also where nothing can be fitted.
pub(crate) fn fit_scaling(
    cases: &[CaseRecord],
    conditions: Conditions,
    seed: u64,
) -> Vec<ScalingRecord> {
    let mut records = Vec::new();
    // In this order the cases of one benchmark follow each other.
    for benchmark in cases.chunk_by(are_of_one_benchmark) {
        for threads in distinct(benchmark, |case| &case.threads) {
            let cases: Vec<_> = benchmark.iter().filter(|case| case.threads == *threads).collect();
            records.extend(growth(&cases, conditions));
        }
        if conditions.test || distinct(benchmark, |case| &case.threads).len() < MIN_LEVELS {
            continue;
        }
        for args in distinct(benchmark, |case| &case.args) {
            let cases: Vec<_> = benchmark.iter().filter(|case| case.args == *args).collect();
            records.extend(threads(&cases, seed));
        }
    }
    records
}

fn are_of_one_benchmark(a: &CaseRecord, b: &CaseRecord) -> bool {
    // Two functions may bear one name, in modules that share a group.
    a.name == b.name
        && a.types == b.types
        && a.group == b.group
        && a.crate_name == b.crate_name
        && a.source == b.source
}

/// What differs among the cases, each once.
fn distinct<T: PartialEq>(cases: &[CaseRecord], part: fn(&CaseRecord) -> &T) -> Vec<&T> {
    let mut found: Vec<&T> = Vec::new();
    for part in cases.iter().map(part) {
        // Cases with the same argument are next to each other, so most end at the first look.
        if !found.iter().rev().any(|known| *known == part) {
            found.push(part);
        }
    }
    found
}

/// The growth over the cases' sizes; nothing where none is fitted and none is promised.
fn growth(cases: &[&CaseRecord], conditions: Conditions) -> Option<ScalingRecord> {
    let first = cases.first()?;
    if cases.iter().all(|case| case.metric(metric_name::TIME).is_none()) {
        return None;
    }
    let sizes = sizes(cases);
    let cases_of_sizes = sizes.iter().flatten().zip(cases).map(|(size, case)| (*size, *case));
    let (points, measured) = points(cases_of_sizes);
    // One cold iteration each says nothing of growth.
    let fits = if conditions.test { Vec::new() } else { fit_growth(&measured) };
    if fits.is_empty() && first.complexity.is_none() {
        return None;
    }
    let mut record = blank(first, ScalingKind::Growth, points);
    record.threads = first.threads;
    record.models = fits.iter().map(model).collect();
    let best = fits.iter().reduce(|best, fit| if fit.weight > best.weight { fit } else { best });
    record.chosen = best.map(|best| best.growth);
    record.ambiguous = best.is_some_and(|best| best.weight < CLEAR);
    if let Some(asserted) = first.complexity {
        let (verdict, reason) = judge(asserted, &record, sizes.is_some(), conditions);
        record.complexity = Some(asserted);
        record.verdict = Some(verdict);
        record.reason = reason;
    }
    Some(record)
}

/// The throughput over the cases' threads.
fn threads(cases: &[&CaseRecord], seed: u64) -> Option<ScalingRecord> {
    let first = cases.first()?;
    let levels = cases.iter().filter_map(|case| Some((f64::from(case.threads?), *case)));
    let (points, measured) = points(levels);
    let law = fit_scalability(&measured, seed)?;
    let mut record = blank(first, ScalingKind::Threads, points);
    record.arg = first.args.first().cloned();
    let per_second = |per_ns: f64| per_ns * 1e9;
    let Bounded { estimate, low, high } = law.lambda;
    record.law = Some(ScalabilityLaw {
        lambda: Coefficient {
            estimate: per_second(estimate),
            low: low.map(per_second),
            high: high.map(per_second),
        },
        sigma: coefficient(law.sigma),
        kappa: coefficient(law.kappa),
        peak: law.peak.map(coefficient),
        level: law.level,
        misfit: law.misfit,
    });
    Some(record)
}

fn coefficient(Bounded { estimate, low, high }: Bounded) -> Coefficient {
    Coefficient { estimate, low, high }
}

fn model(fit: &GrowthFit) -> GrowthModel {
    GrowthModel {
        growth: fit.growth,
        weight: fit.weight,
        constant_ns: fit.constant,
        factor_ns: fit.factor,
        misfit: fit.misfit,
    }
}

fn blank(case: &CaseRecord, kind: ScalingKind, points: Vec<ScalingPoint>) -> ScalingRecord {
    ScalingRecord {
        id: benchmark_id(case),
        kind,
        arg: None,
        threads: None,
        points,
        models: Vec::new(),
        chosen: None,
        ambiguous: false,
        law: None,
        complexity: None,
        verdict: None,
        reason: None,
    }
}

/// The case's id without argument and threads.
fn benchmark_id(case: &CaseRecord) -> CaseId {
    let mut id = case.id.as_str();
    if let Some(threads) = case.threads {
        let ending = format!("{{t={threads}}}");
        // What follows tells cases apart that are spelled alike.
        id = id.rfind(&ending).map_or(id, |at| &id[..at]);
    }
    if let Some(arg) = case.args.first() {
        let ending = format!("[{arg}]");
        id = id.rfind(&ending).map_or(id, |at| &id[..at]);
    }
    CaseId::from(id)
}

/// The size of each case's input: the argument, where all are whole numbers; else how many items an
/// iteration processes, where that differs. `None` where there are no sizes.
fn sizes(cases: &[&CaseRecord]) -> Option<Vec<f64>> {
    let by_label: Option<Vec<f64>> =
        cases.iter().map(|case| whole_number(case.args.first()?)).collect();
    by_label.or_else(|| {
        let items = |case: &&CaseRecord| {
            let items = case.counters.iter().find(|counter| counter.kind == CounterKind::Items);
            // A case without a time may not have come as far as its counter; it is left out anyway.
            if case.metric(metric_name::TIME).is_none() { Some(0.0) } else { Some(items?.count) }
        };
        let counts: Vec<f64> = cases.iter().map(items).collect::<Option<_>>()?;
        let differ = counts.windows(2).any(|pair| pair[0].to_bits() != pair[1].to_bits());
        differ.then_some(counts)
    })
}

/// The number that a label of digits says, which may be in groups: `1_000`.
fn whole_number(label: &str) -> Option<f64> {
    let is_number = label.starts_with(|c: char| c.is_ascii_digit())
        && label.chars().all(|c| c.is_ascii_digit() || c == '_');
    let number = label.replace('_', "").parse::<u128>().ok().filter(|_| is_number)?;
    Some(number as f64)
}

/// The cases that have a time, for the record and for the fit, in the order of their sizes.
fn points<'a>(
    cases: impl Iterator<Item = (f64, &'a CaseRecord)>,
) -> (Vec<ScalingPoint>, Vec<Point>) {
    let (mut points, mut measured): (Vec<ScalingPoint>, Vec<Point>) = (Vec::new(), Vec::new());
    for (n, case) in cases {
        let Some(time) = case.metric(metric_name::TIME).filter(|_| !case.status.is_broken()) else {
            continue;
        };
        // There are few, and most come in order; a sort would cost more to compile than to run.
        let place = measured.partition_point(|point| point.n <= n);
        let half_width = time.low.zip(time.high).map(|(low, high)| (high - low) / 2.0);
        let error = match half_width {
            // Without a level the ends are bounds, as they are at the floor.
            Some(half_width) if time.level.is_none() => half_width,
            Some(half_width) => half_width / ERRORS_IN_HALF_INTERVAL,
            None => time.estimate * UNKNOWN_ERROR,
        };
        measured.insert(place, Point { n, value: time.estimate, error });
        let point = ScalingPoint {
            case: case.id.clone(),
            n,
            time_ns: time.estimate,
            low_ns: time.low,
            high_ns: time.high,
        };
        points.insert(place, point);
    }
    (points, measured)
}

#[cfg(test)]
#[path = "scaling_tests.rs"]
mod tests;
