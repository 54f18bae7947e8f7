//! The record of a comparison between a baseline and a candidate.

use serde::{Deserialize, Serialize};

use super::{Better, CaseId, Note, Unit, metric_name};

/// Number of the layout of a comparison that this version reads and writes.
pub const COMPARISON_SCHEMA: u32 = 1;

/// What a comparison of two builds, or of two records, found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparisonRecord {
    /// Layout number, [`COMPARISON_SCHEMA`].
    pub schema: u32,
    /// How the figures were come by.
    pub method: Method,
    /// What was compared against.
    pub baseline: SideRecord,
    /// What was judged.
    pub candidate: SideRecord,
    /// The rules it was judged by.
    pub rules: Rules,
    /// How long comparing took, in nanoseconds.
    #[serde(default)]
    pub duration_ns: u64,
    /// One entry for each metric of each case that was judged, in the order of ids and then with
    /// `time` first.
    pub comparisons: Vec<CaseComparison>,
    /// Cases that the candidate does not have.
    pub only_in_baseline: Vec<CaseId>,
    /// Cases that the baseline does not have.
    pub only_in_candidate: Vec<CaseId>,
    /// Cases that broke while they were compared, each with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<BrokenCase>,
    /// Whether it was stopped before all was judged.
    #[serde(default)]
    pub interrupted: bool,
    /// Remarks on the whole comparison.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// How a comparison came by its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Both executables were run in turns, in the same minutes.
    Paired,
    /// Records of different times were held against each other.
    Unpaired,
}

/// One side of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SideRecord {
    /// What people call it: a baseline's name, a revision, `working tree`.
    pub name: String,
    /// Commit it was built from, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether there were uncommitted changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
    /// Runs of it on record, where records were compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<u32>,
}

/// The rules a comparison was judged by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// The smallest change of time that matters, as a ratio; also the margin of equivalence.
    pub minimum_effect: f64,
    /// A slowdown beyond this ratio fails, where the user gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// The chance of a false call of one comparison, a side.
    pub alpha: f64,
    /// The share of false discoveries among the calls of a suite that is let through.
    pub q: f64,
    /// Time for measuring one case, in nanoseconds.
    pub budget_ns: u64,
}

impl Default for Rules {
    /// Changes of 1 % matter, 0.25 % a side, q = 5 %, 10 s a case, no threshold.
    fn default() -> Self {
        Self {
            minimum_effect: 0.01,
            threshold: None,
            alpha: 0.0025,
            q: 0.05,
            budget_ns: 10_000_000_000,
        }
    }
}

/// One metric of one case, held against its former self.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseComparison {
    /// The case.
    pub id: CaseId,
    /// Name of the metric.
    pub metric: String,
    /// Unit of both figures.
    pub unit: Unit,
    /// Which direction is an improvement.
    pub better: Better,
    /// What is to be made of it.
    pub verdict: Verdict,
    /// How it stands to the threshold, where one was given and the metric is held against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<ThresholdVerdict>,
    /// Candidate over baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Ratio>,
    /// The baseline's figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    /// The candidate's figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<f64>,
    /// Launches (unpaired: runs of the baseline) that the verdict rests on.
    pub launches: u32,
    /// Evidence for the direction of the verdict; for `equivalent` the weaker of both sides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_value: Option<f64>,
    /// The smallest change, as a ratio, that was excluded in both directions; where nothing could be
    /// measured, none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest_effect: Option<f64>,
    /// The smallest change, as a ratio, that the budget was expected to show; announced before it
    /// was spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<f64>,
    /// What else speaks for the verdict or explains it, in words.
    pub evidence: Vec<String>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// A case that broke on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenCase {
    /// The case.
    pub id: CaseId,
    /// `baseline` or `candidate`.
    pub side: Side,
    /// What became of it, in words.
    pub message: String,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What is compared against.
    Baseline,
    /// What is judged.
    Candidate,
}

/// Candidate over baseline, with an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The estimate; 1.03 is 3 % more.
    pub estimate: f64,
    /// Lower end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Confidence level of the interval, between 0 and 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
}

/// What is to be made of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Worse, and by at least the smallest change that matters.
    Regressed,
    /// Better, likewise.
    Improved,
    /// Not different by as much as matters.
    Equivalent,
    /// The budget ended first.
    Inconclusive,
    /// Machine, compiler or benchmark are not the same.
    NotComparable,
}

impl Verdict {
    /// The word for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Regressed => "regressed",
            Self::Improved => "improved",
            Self::Equivalent => "equivalent",
            Self::Inconclusive => "inconclusive",
            Self::NotComparable => "not comparable",
        }
    }
}

/// How a change stands to the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdVerdict {
    /// Shown to be beyond it.
    Over,
    /// Shown to be within it.
    Under,
    /// Not shown either way; the estimate is beyond it.
    ProbablyOver,
    /// Not shown either way; the estimate is within it.
    ProbablyUnder,
}

impl ThresholdVerdict {
    /// Whether it fails a gate.
    pub fn fails(self) -> bool {
        matches!(self, Self::Over | Self::ProbablyOver)
    }
}

impl ComparisonRecord {
    /// The comparisons that fail the gate.
    pub fn failures(&self) -> impl Iterator<Item = &CaseComparison> {
        self.comparisons.iter().filter(|comparison| comparison.fails())
    }

    /// How many comparisons of `time`, or of what a benchmark measures instead, have that verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let times = self.comparisons.iter().filter(|c| metric_name::is_main(&c.metric));
        times.filter(|comparison| comparison.verdict == verdict).count()
    }

    /// The comparison of that metric of that case.
    pub fn find(&self, id: &str, metric: &str) -> Option<&CaseComparison> {
        self.comparisons.iter().find(|c| c.id.as_str() == id && c.metric == metric)
    }
}

impl CaseComparison {
    /// A comparison of which nothing is known yet.
    pub(crate) fn unknown(id: &CaseId, metric: &str) -> Self {
        let what = metric_name::describe(metric);
        Self {
            id: id.clone(),
            metric: metric.to_owned(),
            unit: what.map_or(Unit::One, |what| what.unit),
            better: what.map_or(Better::Lower, |what| what.better),
            verdict: Verdict::Inconclusive,
            threshold: None,
            ratio: None,
            baseline: None,
            candidate: None,
            launches: 0,
            e_value: None,
            smallest_effect: None,
            announced: None,
            evidence: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether it fails the gate: it regressed and, where a threshold was given, it is over it.
    pub fn fails(&self) -> bool {
        self.verdict == Verdict::Regressed && self.threshold.is_none_or(ThresholdVerdict::fails)
    }
}
