//! The figures of a page, as the program in it reads them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::cases::{CaseLine, Intervals};
use super::history::{BaselineLine, Dashboard, FitLine, KEPT, LeftOut, OfRun, RunLine};
use super::load::{FlameView, LoadView};
use super::load_page::LoadPage;
use super::series::{Series, rounded_json};
use super::shape::{CaseShape, Ruler, shape_of};
use crate::record::{
    Better, CaseId, CaseRecord, LaunchRecord, Metric, Severity, Unit, metric_name,
};
use crate::stats::{MIN_DENSITY_VALUES, rounded};

/// Layout number of both parts; page and program are of one version, so it is for people.
const FORMAT: u32 = 1;
/// Digits of figures in tables.
const TABLE_DIGITS: usize = 5;
/// Digits of records. No interval is that narrow, and a third of the page would be further digits.
const RECORD_DIGITS: usize = 6;

/// What tables and charts over runs need; read when the page opens.
#[derive(Serialize)]
pub(super) struct Model<'a> {
    format: u32,
    version: &'static str,
    runs: &'a [RunLine],
    older: usize,
    left_out: &'a [LeftOut],
    metrics: Vec<MetricLine<'a>>,
    cases: Vec<CaseRow<'a>>,
    baseline: Option<BaselineRow<'a>>,
    comparisons: Value,
    /// How many load tests there are: their pages are among the records.
    #[serde(skip_serializing_if = "is_none")]
    load_tests: usize,
}

/// What pages of single benchmarks need; read when the first of them opens.
#[derive(Serialize)]
pub(super) struct Records<'a> {
    cases: Vec<Value>,
    /// Intervals of each case in the run before that is like its newest.
    before: Vec<Intervals>,
    /// How the samples of each case are spread; null where none were kept.
    shapes: Vec<Option<CaseShape>>,
    /// Samples that it takes for a curve.
    curve_samples: usize,
    fits: Vec<Value>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    loads: &'a [OfRun<LoadView>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    flames: &'a [OfRun<FlameView>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    load_tests: &'a [LoadPage],
}

/// A metric that some case has.
#[derive(Serialize)]
struct MetricLine<'a> {
    name: &'a str,
    unit: Unit,
    better: Better,
}

/// A case: its line in the table, and its figures over runs.
#[derive(Serialize)]
struct CaseRow<'a> {
    id: &'a CaseId,
    #[serde(rename = "crate")]
    crate_name: &'a str,
    run: usize,
    statuses: &'a str,
    /// Distances of the ends of the interval of `time`.
    ends: [&'a str; 2],
    series: BTreeMap<&'static str, &'a str>,
    figures: BTreeMap<&'a str, Vec<f64>>,
    warnings: Vec<&'a str>,
    remarks: Vec<&'a str>,
}

/// A baseline: its figures in the order of the cases.
#[derive(Serialize)]
struct BaselineRow<'a> {
    name: &'a str,
    saved_at: &'a str,
    runs: usize,
    series: BTreeMap<&'static str, String>,
}

/// Figures of the newest record that the table shows, besides those over runs.
const SHOWN: [&str; 6] = [
    metric_name::THROUGHPUT_ITEMS,
    metric_name::THROUGHPUT_BYTES,
    metric_name::THROUGHPUT_CHARS,
    metric_name::THROUGHPUT_CYCLES,
    metric_name::ALLOCS,
    metric_name::CPU_UTILISATION,
];

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Dashboard {
    /// What is read when the page opens.
    pub(super) fn model(&self) -> Result<Model<'_>, serde_json::Error> {
        let comparisons = serde_json::to_value(&self.comparisons)?;
        Ok(Model {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION"),
            runs: &self.runs,
            older: self.older,
            left_out: &self.left_out,
            metrics: metrics(self.cases.values().map(|line| &line.record)),
            cases: self.cases.iter().map(|(id, line)| row(id, line)).collect(),
            baseline: self.baseline.as_ref().map(|baseline| self.baseline_row(baseline)),
            comparisons: rounded_json(comparisons, RECORD_DIGITS),
            load_tests: self.load_tests.len(),
        })
    }

    /// The newest record of each case, in the order of the model, and the newest fits.
    pub(super) fn records(&self) -> Result<Records<'_>, serde_json::Error> {
        let short = |value: Value| rounded_json(value, RECORD_DIGITS);
        let case = |line: &CaseLine| {
            let mut record = serde_json::to_value(&line.record)?;
            record["metrics"] = line.record.metrics.iter().map(metric_list).collect();
            record["launches"] = launch_lists(&line.record);
            Ok(short(record))
        };
        let before = |id: &CaseId| self.baseline.as_ref()?.samples.get(id).map(Vec::as_slice);
        let fit = |line: &FitLine| serde_json::to_value(line).map(short);
        Ok(Records {
            cases: self.cases.values().map(case).collect::<Result<_, _>>()?,
            before: self.cases.values().map(intervals_before).collect(),
            shapes: self
                .cases
                .iter()
                .map(|(id, line)| shape_of(&line.record, before(id)))
                .collect(),
            curve_samples: MIN_DENSITY_VALUES,
            loads: &self.loads,
            flames: &self.flames,
            load_tests: &self.load_tests,
            fits: self.fits.values().map(fit).collect::<Result<_, _>>()?,
        })
    }

    fn baseline_row<'a>(&'a self, baseline: &'a BaselineLine) -> BaselineRow<'a> {
        let over_cases = |name: &'static str| {
            let mut series = Series::default();
            for (at, id) in self.cases.keys().enumerate() {
                if let Some(value) = baseline.figures.get(&(id.clone(), name)) {
                    series.set(at, *value, TABLE_DIGITS);
                }
            }
            (name, series.text().to_owned())
        };
        let series = KEPT.map(over_cases);
        BaselineRow {
            name: &baseline.name,
            saved_at: &baseline.saved_at,
            runs: baseline.runs,
            series: series.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        }
    }
}

fn row<'a>(id: &'a CaseId, line: &'a CaseLine) -> CaseRow<'a> {
    let record = &line.record;
    let notes = |severity: Severity| {
        let notes = record.notes.iter().filter(|note| note.severity == severity);
        notes.map(|note| note.code.as_str()).collect()
    };
    let shown = SHOWN.into_iter().filter_map(|name| Some((name, figures(record.metric(name)?))));
    CaseRow {
        id,
        crate_name: &record.crate_name,
        run: line.run,
        statuses: &line.statuses,
        ends: [line.ends[0].text(), line.ends[1].text()],
        series: line.series.iter().map(|(name, series)| (*name, series.text())).collect(),
        figures: shown.collect(),
        warnings: notes(Severity::Warning),
        remarks: notes(Severity::Remark),
    }
}

fn intervals_before(line: &CaseLine) -> Intervals {
    let mut found = line.intervals_before();
    for end in found.values_mut().flatten() {
        *end = rounded(*end, TABLE_DIGITS);
    }
    found
}

/// Launches as lists, for the same reason; the program knows their order. Samples come last, as one
/// text for each launch.
fn launch_lists(record: &CaseRecord) -> Value {
    let ruler = Ruler::of(record);
    let list = |launch: &LaunchRecord| {
        let LaunchRecord { median_ns, samples, voided, iterations, first_ns, .. } = launch;
        let (spent_ns, settled) = (launch.warmup.spent_ns, launch.warmup.settled);
        let (faults, anchor_ns) = (launch.first_faults, launch.anchor_ns);
        let line = ruler.as_ref().map(|ruler| ruler.line(&launch.samples_ns));
        json!([
            median_ns, samples, voided, iterations, first_ns, faults, spent_ns, settled, anchor_ns,
            line
        ])
    };
    record.launches.iter().map(list).collect()
}

/// A metric as a list: estimate, both ends, level, samples. What it is stands in the model once, and
/// not with each case; records would be half of a large page otherwise.
fn metric_list((name, metric): (&String, &Metric)) -> (String, Value) {
    let Metric { estimate, low, high, level, samples, .. } = metric;
    let mut list = json!([estimate, low, high, level, samples]);
    if let Some(list) = list.as_array_mut() {
        list.truncate(list.iter().rposition(|value| !value.is_null()).map_or(0, |last| last + 1));
    }
    (name.clone(), list)
}

/// The figure, and both ends of its interval where there is one.
fn figures(metric: &Metric) -> Vec<f64> {
    let ends = metric.low.zip(metric.high).map_or_else(Vec::new, |(low, high)| vec![low, high]);
    let all = std::iter::once(metric.estimate).chain(ends);
    all.map(|value| rounded(value, TABLE_DIGITS)).collect()
}

/// All metrics of these cases, in the order people look for them.
fn metrics<'a>(cases: impl Iterator<Item = &'a CaseRecord>) -> Vec<MetricLine<'a>> {
    let mut found: BTreeMap<&str, &Metric> = BTreeMap::new();
    for case in cases {
        found.extend(case.metrics.iter().map(|(name, metric)| (name.as_str(), metric)));
    }
    let known = metric_name::ALL.iter().copied();
    let mut told = BTreeSet::new();
    let names: Vec<&str> = known.chain(found.keys().copied()).filter(|n| told.insert(*n)).collect();
    let line = |name: &&'a str| {
        let metric = found.get(name)?;
        Some(MetricLine { name, unit: metric.unit, better: metric.better })
    };
    names.iter().filter_map(line).collect()
}
