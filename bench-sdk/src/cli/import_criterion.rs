//! Reads criterion's folder tree.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::build::shown;
use super::failure::Failure;
use super::imported::{add_rate, case_of, set_time, time_metric};
use crate::harness::{CRITERION_BASELINE, shortened};
use crate::record::{CaseRecord, Counter, CounterKind, metric_name};

/// Folders within folders: group, function, value and baseline, and the folder itself may be named
/// from farther above.
const MAX_DEPTH: usize = 8;
/// Folders of criterion's that are no baselines.
const OTHERS: [&str; 2] = ["change", "report"];

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
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    collect(folder, MAX_DEPTH, &mut found)?;
    let name = chosen(folder, &found, baseline)?;
    let folders = found.remove(&name).unwrap_or_default();
    let cases = folders.iter().map(|folder| read_case(folder));
    Ok((cases.collect::<Result<_, _>>()?, name))
}

/// Finds the folders that hold results, by the baseline that they belong to.
fn collect(
    folder: &Path,
    depth: usize,
    found: &mut BTreeMap<String, Vec<PathBuf>>,
) -> Result<(), Failure> {
    let failed = |error| Failure::new(format!("failed to list {}: {error}", shown(folder)));
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_result = ["benchmark.json", "estimates.json"].iter().all(|f| folder.join(f).is_file());
    if is_result && !OTHERS.contains(&name.as_str()) {
        found.entry(name).or_default().push(folder.to_owned());
    }
    if depth == 0 {
        return Ok(());
    }
    let mut below = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() && !path.is_symlink() {
            below.push(path);
        }
    }
    below.sort();
    below.iter().try_for_each(|path| collect(path, depth - 1, found))
}

/// The baseline that is asked for, else the last run's, else the only one.
fn chosen(
    folder: &Path,
    found: &BTreeMap<String, Vec<PathBuf>>,
    asked: Option<&str>,
) -> Result<String, Failure> {
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let listed = names.iter().map(|name| format!("`{}`", shortened(name))).collect::<Vec<_>>();
    let wanted = asked.unwrap_or(CRITERION_BASELINE);
    match names.as_slice() {
        _ if names.contains(&wanted) => Ok(wanted.to_owned()),
        [] => Err(Failure::new(format!("{} holds no results of criterion", shown(folder))).help(
            "they are folders with benchmark.json and estimates.json, as in target/criterion",
        )),
        _ if asked.is_some() => {
            Err(Failure::usage(format!("there is no baseline `{}`", shortened(wanted)))
                .help(format!("known: {}", listed.join(", "))))
        }
        [only] => Ok((*only).to_owned()),
        _ => Err(Failure::usage(format!("there are baselines {}", listed.join(", ")))
            .help("say which one: --baseline NAME")),
    }
}

fn read_case(folder: &Path) -> Result<CaseRecord, Failure> {
    let benchmark: Benchmark = read(&folder.join("benchmark.json"))?;
    let path = folder.join("estimates.json");
    let estimates: Estimates = read(&path)?;
    let sample = folder.join("sample.json");
    let sample: Option<Sample> = if sample.is_file() { Some(read(&sample)?) } else { None };
    case(&benchmark, &estimates, sample.as_ref()).ok_or_else(|| {
        Failure::new(format!("{}: `median` is not a time in nanoseconds", shown(&path)))
    })
}

/// What a file holds; an error names the file, and the line in it.
fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("failed to read {}: {error}", shown(path))))?;
    serde_json::from_str(&text).map_err(|error| {
        let why = shortened(&error.to_string());
        Failure::new(format!("{} is not what criterion writes: {why}", shown(path)))
    })
}

/// A case of ours: `time` is criterion's median, as ours is one; `None` where that is no time.
fn case(
    benchmark: &Benchmark,
    estimates: &Estimates,
    sample: Option<&Sample>,
) -> Option<CaseRecord> {
    let value = benchmark.value_str.as_deref();
    let mut case = match &benchmark.function_id {
        Some(function) => case_of(&benchmark.group_id, function, value),
        None => case_of("", &benchmark.group_id, value),
    };
    let metric = |estimate: &Estimate| {
        let ends = &estimate.confidence_interval;
        let bounds = Some((ends.lower_bound, ends.upper_bound));
        let mut metric = time_metric(estimate.point_estimate, bounds)?;
        let level = Some(ends.confidence_level).filter(|level| (0.0..=1.0).contains(level));
        metric.level = level.filter(|_| metric.low.is_some());
        metric.samples = sample.map(|sample| sample.iters.len() as u64);
        Some(metric)
    };
    let time = metric(&estimates.median)?;
    let median_ns = time.estimate;
    set_time(&mut case, time);
    if let Some(mean) = metric(&estimates.mean) {
        case.metrics.insert(metric_name::TIME_MEAN.to_owned(), mean);
    }
    if let Some(fastest) = sample.and_then(fastest).and_then(|ns| time_metric(ns, None)) {
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
    Some(case)
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
            case(&benchmark, &estimates(1.0), None).unwrap().id.to_string()
        };
        assert_eq!(id("\"quick\"", "null"), "sort::quick");
        assert_eq!(id("null", "\"10\""), "sort[10]");
        assert_eq!(id("null", "null"), "sort");
        assert!(case(&benchmark("null", "null", "null"), &estimates(-1.0), None).is_none());
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

    #[test]
    fn the_baseline_is_named_or_the_only_one() {
        let found = |names: &[&str]| {
            names.iter().map(|name| ((*name).to_owned(), Vec::new())).collect::<BTreeMap<_, _>>()
        };
        let folder = Path::new("x");
        let chosen = |names: &[&str], asked| {
            chosen(folder, &found(names), asked).map_err(|failure| failure.to_string())
        };
        assert_eq!(chosen(&["base", "new"], None), Ok("new".to_owned()));
        assert_eq!(chosen(&["main"], None), Ok("main".to_owned()));
        assert_eq!(chosen(&["base", "new"], Some("base")), Ok("base".to_owned()));
        assert!(chosen(&["a", "b"], None).is_err_and(|e| e.contains("`a`, `b`")));
        assert!(chosen(&["a"], Some("b")).is_err_and(|e| e.contains("no baseline `b`")));
        assert!(chosen(&[], None).is_err_and(|e| e.contains("no results of criterion")));
    }
}
