//! How times grow with the size of the input, and throughput with the number of threads.

use serde::{Deserialize, Serialize};

use super::CaseId;

/// A law of growth, from the slowest to the fastest.
///
/// ```
/// use bench_sdk::record::Growth;
///
/// assert_eq!(Growth::from_name("n log n"), Some(Growth::Linearithmic));
/// assert_eq!(Growth::Linearithmic.at(8.0), 24.0);
/// assert!(Growth::Linear < Growth::Linearithmic);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Growth {
    /// `1`
    #[serde(rename = "1")]
    Constant,
    /// `log n`
    #[serde(rename = "log n")]
    Logarithmic,
    /// `sqrt n`
    #[serde(rename = "sqrt n")]
    SquareRoot,
    /// `n`
    #[serde(rename = "n")]
    Linear,
    /// `n log n`
    #[serde(rename = "n log n")]
    Linearithmic,
    /// `n^2`
    #[serde(rename = "n^2")]
    Quadratic,
    /// `n^3`
    #[serde(rename = "n^3")]
    Cubic,
}

impl Growth {
    /// All laws, from the slowest growth to the fastest.
    pub const ALL: [Self; 7] = [
        Self::Constant,
        Self::Logarithmic,
        Self::SquareRoot,
        Self::Linear,
        Self::Linearithmic,
        Self::Quadratic,
        Self::Cubic,
    ];

    /// Its name, as in `complexity = "n log n"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "1",
            Self::Logarithmic => "log n",
            Self::SquareRoot => "sqrt n",
            Self::Linear => "n",
            Self::Linearithmic => "n log n",
            Self::Quadratic => "n^2",
            Self::Cubic => "n^3",
        }
    }

    /// The law of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|growth| growth.name() == name)
    }

    /// Its value at that size. Logarithms are to base 2, and 0 below a size of 1.
    pub fn at(self, n: f64) -> f64 {
        let log = n.max(1.0).log2();
        match self {
            Self::Constant => 1.0,
            Self::Logarithmic => log,
            Self::SquareRoot => n.sqrt(),
            Self::Linear => n,
            Self::Linearithmic => n * log,
            Self::Quadratic => n * n,
            Self::Cubic => n * n * n,
        }
    }
}

/// What was fitted to the cases of one benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScalingRecord {
    /// The benchmark: its cases' id without argument and threads.
    pub id: CaseId,
    /// Over what it was fitted.
    pub kind: ScalingKind,
    /// Over threads: the argument that all points have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arg: Option<String>,
    /// Over sizes: the number of threads that all points have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// What was fitted to, in the order of `n`; cases without a time are left out.
    pub points: Vec<ScalingPoint>,
    /// Over sizes: the laws that were fitted, the slowest growth first; empty where there was too
    /// little to fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<GrowthModel>,
    /// The law with the most weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Growth>,
    /// Whether that is less than 0.9.
    #[serde(default)]
    pub ambiguous: bool,
    /// Over threads: the law of scalability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<ScalabilityLaw>,
    /// The growth that the benchmark promises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Growth>,
    /// Whether it keeps the promise; absent where it makes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<ComplexityVerdict>,
    /// Why the verdict is `inconclusive`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl ScalingRecord {
    /// Whether it is a fit over cases of the benchmark that this case is of.
    pub(crate) fn is_of(&self, case: &CaseId) -> bool {
        let rest = case.as_str().strip_prefix(self.id.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '{', '#']))
    }

    /// The model with the most weight.
    pub fn best(&self) -> Option<&GrowthModel> {
        let chosen = self.chosen?;
        self.models.iter().find(|model| model.growth == chosen)
    }

    /// Whether the benchmark grows faster than it promises.
    pub fn is_exceeded(&self) -> bool {
        self.verdict == Some(ComplexityVerdict::Exceeded)
    }
}

/// Over what something scales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScalingKind {
    /// The time of an iteration over the size of its input.
    Growth,
    /// The throughput over the number of threads.
    Threads,
}

/// One case among those that were fitted to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScalingPoint {
    /// The case.
    pub case: CaseId,
    /// The size of the input, or the number of threads.
    pub n: f64,
    /// Its `time`, in nanoseconds.
    pub time_ns: f64,
    /// Lower end of the time's interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_ns: Option<f64>,
    /// Upper end of the time's interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_ns: Option<f64>,
}

impl ScalingPoint {
    /// Iterations a second over all `n` threads.
    pub fn throughput(&self) -> f64 {
        self.n / self.time_ns * 1e9
    }
}

/// `constant_ns + factor_ns * g(n)`, fitted to the times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GrowthModel {
    /// The law g.
    pub growth: Growth,
    /// How much speaks for this law among all that were fitted, from 0 to 1.
    pub weight: f64,
    /// The part of the time that does not grow.
    pub constant_ns: f64,
    /// The factor of g(n); 0 for the law `1`.
    pub factor_ns: f64,
    /// By which ratio of their times the points are missed, as a weighted quadratic mean.
    pub misfit: f64,
}

impl GrowthModel {
    /// The fitted time at that size, in nanoseconds.
    pub fn time_ns(&self, n: f64) -> f64 {
        self.constant_ns + self.factor_ns * self.growth.at(n)
    }
}

/// The universal scalability law X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)), fitted to
/// the throughput X of N threads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScalabilityLaw {
    /// Iterations a second of one thread.
    pub lambda: Coefficient,
    /// Contention: the share of the work that waits its turn.
    pub sigma: Coefficient,
    /// Crosstalk: what each pair of threads costs to be kept coherent.
    pub kappa: Coefficient,
    /// Threads at which the throughput is highest, at least 1; absent where it never falls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<Coefficient>,
    /// Confidence level of the intervals, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// By which ratio of their times the points are missed, as a weighted quadratic mean.
    pub misfit: f64,
}

impl ScalabilityLaw {
    /// The fitted iterations a second of that many threads.
    pub fn throughput(&self, n: f64) -> f64 {
        let (sigma, kappa) = (self.sigma.estimate, self.kappa.estimate);
        self.lambda.estimate * n / (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0))
    }
}

/// A fitted number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// The number.
    pub estimate: f64,
    /// Lower end of its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of its interval; absent beside a lower end where nothing bounds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// Whether a benchmark grows as it promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComplexityVerdict {
    /// It grows no faster.
    Held,
    /// It grows faster.
    Exceeded,
    /// It cannot be told, or does not bind.
    Inconclusive,
}
