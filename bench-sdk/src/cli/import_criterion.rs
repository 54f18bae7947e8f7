//! Reads criterion's folder tree.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::failure::Failure;
use super::import_tree::{BENCHMARK, ESTIMATES, SAMPLE, place, result_folders};
use super::imported::{add_rate, case_of, set_time, time_metric};
use crate::harness::shortened;
use crate::record::{CaseRecord, Counter, CounterKind, Metric, metric_name};

/// `benchmark.json`
#[derive(Debug, Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
    throughput: Option<Value>,
}

/// `estimates.json`
#[derive(Debug, Deserialize)]
struct Estimates {
    mean: Estimate,
    median: Estimate,
}

#[derive(Debug, Deserialize)]
struct Estimate {
    confidence_interval: ConfidenceInterval,
    point_estimate: f64,
}

#[derive(Debug, Deserialize)]
struct ConfidenceInterval {
    confidence_level: f64,
    lower_bound: f64,
    upper_bound: f64,
}

/// `sample.json`
#[derive(Debug, Deserialize)]
struct Sample {
    iters: Vec<f64>,
    times: Vec<f64>,
}

/// The cases of one baseline of a tree, and the name of it.
pub(super) fn criterion_cases(
    folder: &Path,
    baseline: Option<&str>,
) -> Result<(Vec<CaseRecord>, String), Failure> {
    let (folders, name) = result_folders(folder, baseline)?;
    let cases = folders.iter().map(|folder| read_case(folder));
    Ok((cases.collect::<Result<_, _>>()?, name))
}

fn read_case(folder: &Path) -> Result<CaseRecord, Failure> {
    let benchmark: Benchmark = read(&folder.join(BENCHMARK))?;
    let estimates: Estimates = read(&folder.join(ESTIMATES))?;
    let sample = folder.join(SAMPLE);
    let sample: Option<Sample> = if sample.is_file() { Some(read(&sample)?) } else { None };
    let case = case(&benchmark, &estimates, sample.as_ref());
    case.map_err(|(file, why)| Failure::new(format!("{}: {why}", place(&folder.join(file)))))
}

/// What a file holds; an error names the file, and the line in it.
fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", place(path))))?;
    serde_json::from_str(&text).map_err(|error| {
        let why = shortened(&error.to_string());
        Failure::new(format!("{} is not what criterion writes: {why}", place(path)))
    })
}

/// What is wrong with a file of that name.
type Wrong = (&'static str, String);

/// A case of ours: `time` is criterion's median, as ours is one.
fn case(
    benchmark: &Benchmark,
    estimates: &Estimates,
    sample: Option<&Sample>,
) -> Result<CaseRecord, Wrong> {
    let value = benchmark.value_str.as_deref();
    let mut case = match &benchmark.function_id {
        Some(function) => case_of(&benchmark.group_id, function, value),
        None => case_of("", &benchmark.group_id, value),
    };
    let samples = sample.map(|sample| sample.iters.len() as u64);
    let metric = |name: &str, estimate: &Estimate| {
        let found = metric(estimate, samples);
        found.map_err(|why| (ESTIMATES, format!("`{name}` {why}")))
    };
    let time = metric("median", &estimates.median)?;
    let median_ns = time.estimate;
    set_time(&mut case, time);
    let mean = metric("mean", &estimates.mean)?;
    case.metrics.insert(metric_name::TIME_MEAN.to_owned(), mean);
    if let Some(ns) = sample.and_then(fastest) {
        let fastest = time_metric(ns, None)
            .map_err(|why| (SAMPLE, format!("the shortest time of an iteration {why}")))?;
        case.metrics.insert(metric_name::TIME_MIN.to_owned(), fastest);
    }
    for (kind, count) in counted(benchmark.throughput.as_ref()) {
        case.counters.push(Counter { kind, count });
        let name = match kind {
            CounterKind::Bytes => metric_name::THROUGHPUT_BYTES,
            _ => metric_name::THROUGHPUT_ITEMS,
        };
        add_rate(&mut case, name, count / median_ns * 1e9);
    }
    Ok(case)
}

fn metric(estimate: &Estimate, samples: Option<u64>) -> Result<Metric, String> {
    let ends = &estimate.confidence_interval;
    let bounds = Some((ends.lower_bound, ends.upper_bound));
    let level = Some(ends.confidence_level).filter(|level| (0.0..=1.0).contains(level));
    Ok(Metric { level, samples, ..time_metric(estimate.point_estimate, bounds)? })
}

fn fastest(sample: &Sample) -> Option<f64> {
    let each = sample.times.iter().zip(&sample.iters).map(|(time, iterations)| time / iterations);
    each.filter(|ns| ns.is_finite()).min_by(f64::total_cmp)
}

/// What `"throughput"` counts: `{"Bytes":16}`, `{"Elements":4}`, or both at once.
fn counted(throughput: Option<&Value>) -> Vec<(CounterKind, f64)> {
    let Some(throughput) = throughput else { return Vec::new() };
    let both = &throughput["ElementsAndBytes"];
    let candidates = [
        (CounterKind::Items, &throughput["Elements"], 1.0),
        (CounterKind::Items, &both["elements"], 1.0),
        (CounterKind::Bytes, &throughput["Bytes"], 1.0),
        (CounterKind::Bytes, &throughput["BytesDecimal"], 1.0),
        (CounterKind::Bytes, &throughput["Bits"], 1.0 / 8.0),
        (CounterKind::Bytes, &both["bytes"], 1.0),
    ];
    let number =
        |(kind, value, factor): (CounterKind, &Value, f64)| Some((kind, value.as_f64()? * factor));
    candidates.into_iter().filter_map(number).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "text that cannot be read fails the test")]
mod tests {
    use super::*;

    fn estimates(median: f64) -> Estimates {
        let text = format!(
            r#"{{"mean":{{"confidence_interval":{{"confidence_level":0.95,"lower_bound":9.5,
            "upper_bound":11.5}},"point_estimate":10.5,"standard_error":0.4}},
            "median":{{"confidence_interval":{{"confidence_level":0.95,"lower_bound":9.0,
            "upper_bound":11.0}},"point_estimate":{median:?},"standard_error":0.4}},
            "median_abs_dev":null,"slope":null,"std_dev":null}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn benchmark(function: &str, value: &str, throughput: &str) -> Benchmark {
        let text = format!(
            r#"{{"group_id":"sort","function_id":{function},"value_str":{value},
            "throughput":{throughput},"full_id":"x","directory_name":"x","title":"x"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn the_median_is_the_time() {
        let sample = Sample { iters: vec![10.0, 20.0], times: vec![98.0, 220.0] };
        let benchmark = benchmark("\"quick\"", "\"1000{t=2}\"", r#"{"Elements":4}"#);
        let case = case(&benchmark, &estimates(10.0), Some(&sample)).unwrap();
        assert_eq!(case.id.as_str(), "sort::quick[1000]{t=2}");
        let time = case.metric("time").unwrap();
        assert_eq!((time.estimate, time.low, time.high), (10.0, Some(9.0), Some(11.0)));
        assert_eq!((time.level, time.samples), (Some(0.95), Some(2)));
        assert_eq!(case.metric("time_mean").map(|metric| metric.estimate), Some(10.5));
        assert_eq!(case.metric("time_min").map(|metric| metric.estimate), Some(9.8));
        assert_eq!(case.metric("throughput_items").map(|metric| metric.estimate), Some(4e8));
        assert_eq!(case.counters, [Counter { kind: CounterKind::Items, count: 4.0 }]);
    }

    #[test]
    fn ids_have_whatever_parts_there_are() {
        let id = |function, value| {
            let benchmark = benchmark(function, value, "null");
            case(&benchmark, &estimates(10.0), None).unwrap().id.to_string()
        };
        assert_eq!(id("\"quick\"", "null"), "sort::quick");
        assert_eq!(id("null", "\"10\""), "sort[10]");
        assert_eq!(id("null", "null"), "sort");
    }

    #[test]
    fn figures_that_cannot_be_are_named() {
        let benchmark = benchmark("null", "null", "null");
        let wrong = |estimates: &Estimates| case(&benchmark, estimates, None).unwrap_err();
        let told = |what: &str| (ESTIMATES, what.to_owned());
        let negative = told("`median` is -1.0 ns, which is no time");
        assert_eq!(wrong(&estimates(-1.0)), negative);
        let outside = told("`median` is 12.0 and not within its bounds, 9.0 to 11.0");
        assert_eq!(wrong(&estimates(12.0)), outside);
        let mut reversed = estimates(10.0);
        reversed.mean.confidence_interval.lower_bound = 99.0;
        let reversed = wrong(&reversed);
        assert_eq!(reversed, told("`mean` has a lower bound, 99.0, above the upper one, 11.5"));
        let sample = Sample { iters: vec![1.0], times: vec![-3.0] };
        let (file, why) = case(&benchmark, &estimates(10.0), Some(&sample)).unwrap_err();
        assert_eq!(file, SAMPLE);
        assert!(why.ends_with("is -3.0 ns, which is no time"), "{why}");
    }

    #[test]
    fn all_kinds_of_throughput_are_known() {
        let read = |text: &str| counted(Some(&serde_json::from_str(text).unwrap()));
        assert_eq!(read(r#"{"Bytes":16}"#), [(CounterKind::Bytes, 16.0)]);
        assert_eq!(read(r#"{"BytesDecimal":16}"#), [(CounterKind::Bytes, 16.0)]);
        assert_eq!(read(r#"{"Bits":16}"#), [(CounterKind::Bytes, 2.0)]);
        assert_eq!(
            read(r#"{"ElementsAndBytes":{"elements":2,"bytes":16}}"#),
            [(CounterKind::Items, 2.0), (CounterKind::Bytes, 16.0)]
        );
        assert_eq!(read(r#"{"Furlongs":1}"#), []);
    }
}
