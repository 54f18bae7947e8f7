//! What is kept of runs, one after the other.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cases::CaseLine;
use super::load::{FlameView, LoadView};
use super::load_page::LoadPage;
use crate::record::{
    CaseId, ComparisonRecord, Environment, RunHeader, RunRecord, ScalingKind, ScalingRecord,
    metric_name,
};
use crate::stats::{median, thinned};

/// Metrics that are kept of every run; of the others the newest figure is. Each costs a page of 1,000
/// benchmarks and 200 runs about a megabyte.
pub(super) const KEPT: [&str; 7] = [
    metric_name::TIME,
    metric_name::TIME_P99,
    metric_name::CPU,
    metric_name::ALLOCS,
    metric_name::ALLOC_BYTES,
    metric_name::INSTRUCTIONS,
    metric_name::PEAK_RSS,
];
/// Samples of a case of the baseline, over its runs.
const BASELINE_SAMPLES: usize = 256;
/// Comparisons of metrics in all; each takes about 300 bytes of the page.
const MAX_COMPARED: usize = 8_000;

/// Runs over time. They are given one by one, the oldest first, and of each case only the newest
/// record stays whole: a long history does not have to fit into memory.
#[derive(Debug, Default)]
pub(crate) struct Dashboard {
    pub(super) runs: Vec<RunLine>,
    pub(super) cases: BTreeMap<CaseId, CaseLine>,
    pub(super) fits: BTreeMap<FitKey, FitLine>,
    pub(super) baseline: Option<BaselineLine>,
    pub(super) comparisons: Vec<ShownComparison>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) loads: Vec<OfRun<LoadView>>,
    pub(super) flames: Vec<OfRun<FlameView>>,
    pub(super) load_tests: Vec<LoadPage>,
    pub(super) older: usize,
}

/// Something that belongs to a run as a whole.
#[derive(Debug, Serialize)]
pub(super) struct OfRun<T> {
    run: usize,
    #[serde(flatten)]
    view: T,
}

/// What tells fits of one benchmark apart.
pub(super) type FitKey = (CaseId, bool, Option<String>, Option<u32>);

/// A run as a whole.
#[derive(Debug, Serialize)]
pub(super) struct RunLine {
    header: RunHeader,
    environment: Environment,
}

/// The newest fit of its kind.
#[derive(Debug, Serialize)]
pub(super) struct FitLine {
    run: usize,
    record: ScalingRecord,
}

/// A baseline to hold figures against.
#[derive(Debug)]
pub(super) struct BaselineLine {
    pub(super) name: String,
    pub(super) saved_at: String,
    pub(super) runs: usize,
    /// Medians over its runs, by case and metric.
    pub(super) figures: BTreeMap<(CaseId, &'static str), f64>,
    /// Samples of its runs together, by case.
    pub(super) samples: BTreeMap<CaseId, Vec<f64>>,
}

/// A comparison and where it comes from.
#[derive(Debug, Serialize)]
pub(crate) struct ShownComparison {
    /// The run folder it is kept in; none where it was made for the page.
    pub(crate) folder: Option<String>,
    /// What was found.
    pub(crate) record: ComparisonRecord,
}

/// What is kept among the runs and is not shown, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LeftOut {
    /// Name of the run.
    pub(crate) name: String,
    /// Why, in words.
    pub(crate) reason: String,
}

impl RunLine {
    /// Whether its times can be held against those of the other; the page asks the same.
    fn is_like(&self, other: &Self) -> bool {
        (self.header.optimized, &self.environment.cpu)
            == (other.header.optimized, &other.environment.cpu)
    }
}

impl Dashboard {
    /// Adds a run; runs come in the order of their start.
    pub(crate) fn add_run(&mut self, record: RunRecord) {
        let run = self.runs.len();
        let line = RunLine { header: record.run, environment: record.environment };
        let kind = self.runs.iter().position(|other| other.is_like(&line)).unwrap_or(run);
        for case in record.cases {
            match self.cases.get_mut(&case.id) {
                Some(line) => line.renew(run, kind, case),
                None => {
                    self.cases.insert(case.id.clone(), CaseLine::new(run, kind, case));
                }
            }
        }
        for fit in record.scaling {
            let is_growth = fit.kind == ScalingKind::Growth;
            let key = (fit.id.clone(), is_growth, fit.arg.clone(), fit.threads);
            self.fits.insert(key, FitLine { run, record: fit });
        }
        self.runs.push(line);
    }

    /// Holds figures against those of a baseline.
    pub(crate) fn set_baseline(&mut self, name: &str, saved_at: &str, runs: &[RunRecord]) {
        let mut found: BTreeMap<(CaseId, &'static str), Vec<f64>> = BTreeMap::new();
        for case in runs.iter().flat_map(|run| &run.cases) {
            for name in KEPT {
                if let Some(metric) = case.metric(name) {
                    found.entry((case.id.clone(), name)).or_default().push(metric.estimate);
                }
            }
        }
        let figures = found.into_iter().filter_map(|(key, list)| Some((key, median(&list)?)));
        self.baseline = Some(BaselineLine {
            name: name.to_owned(),
            saved_at: saved_at.to_owned(),
            runs: runs.len(),
            figures: figures.collect(),
            samples: baseline_samples(runs),
        });
    }

    /// Adds a comparison; the most important one comes first, and those for which there is no room are
    /// named as left out.
    pub(crate) fn add_comparison(&mut self, comparison: ShownComparison) {
        let count = |shown: &ShownComparison| shown.record.comparisons.len();
        let before: usize = self.comparisons.iter().map(count).sum();
        if self.comparisons.is_empty() || before + count(&comparison) <= MAX_COMPARED {
            self.comparisons.push(comparison);
        } else {
            let name = format!("comparison {}", comparison.folder.unwrap_or_default());
            let reason = "the comparisons before it fill the page".to_owned();
            self.leave_out(LeftOut { name, reason });
        }
    }

    /// Adds a load test to the page of the run of that id, if the page shows that run.
    #[cfg_attr(not(test), expect(dead_code, reason = "nothing measures loads yet"))]
    pub(crate) fn add_load(&mut self, run: &str, view: LoadView) {
        self.loads.extend(self.place_of(run).map(|run| OfRun { run, view }));
    }

    /// Adds a flame graph to the page of the run of that id, if the page shows that run.
    #[cfg_attr(not(test), expect(dead_code, reason = "nothing profiles yet"))]
    pub(crate) fn add_flame(&mut self, run: &str, view: FlameView) {
        self.flames.extend(self.place_of(run).map(|run| OfRun { run, view }));
    }

    fn place_of(&self, id: &str) -> Option<usize> {
        self.runs.iter().position(|run| run.header.id == id)
    }

    /// Names a run that is not shown.
    pub(crate) fn leave_out(&mut self, left_out: LeftOut) {
        self.left_out.push(left_out);
    }

    /// Tells how many older runs there are.
    pub(crate) fn set_older(&mut self, older: usize) {
        self.older = older;
    }

    /// How many runs it shows.
    pub(crate) fn runs(&self) -> usize {
        self.runs.len()
    }

    /// How many cases it shows.
    pub(crate) fn cases(&self) -> usize {
        self.cases.len()
    }

    /// What is not shown.
    pub(crate) fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }
}

/// Samples of each case over these runs, thinned as those of one run are.
fn baseline_samples(runs: &[RunRecord]) -> BTreeMap<CaseId, Vec<f64>> {
    let mut found: BTreeMap<CaseId, Vec<f64>> = BTreeMap::new();
    for case in runs.iter().flat_map(|run| &run.cases) {
        let samples = case.launches.iter().flat_map(|launch| &launch.samples_ns);
        found.entry(case.id.clone()).or_default().extend(samples);
    }
    found.retain(|_, samples| !samples.is_empty());
    for samples in found.values_mut() {
        *samples = thinned(samples, BASELINE_SAMPLES);
    }
    found
}
