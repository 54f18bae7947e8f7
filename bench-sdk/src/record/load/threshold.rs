//! What a load test must hold to pass.

use serde::{Deserialize, Serialize};

use super::{Phase, Tags};

/// One threshold, such as `http_req_duration{status:200}: p(95)<500`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Name of the metric.
    pub metric: String,
    /// Only samples with these tags count.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// The expression as it was written, such as `p(95)<500`.
    pub expression: String,
    /// What is made of the samples.
    pub aggregation: Aggregation,
    /// How it is compared.
    pub operator: Operator,
    /// With what: nanoseconds for metrics of time, bytes for data, else a plain number.
    pub value: f64,
    /// Whether the run ends as soon as it does not hold.
    #[serde(default)]
    pub abort_on_fail: bool,
    /// How long after the start it may first end the run.
    #[serde(default)]
    pub delay_abort_eval_ns: u64,
    /// Where given, only the last stretch of that length counts, each time that it is evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_ns: Option<u64>,
    /// Where given, only iterations that started in this phase count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
}

impl Threshold {
    /// The name of the series that it looks at: `http_req_duration{status:200}`, with `phase` as
    /// if it were a tag.
    pub fn series_key(&self) -> String {
        let tags = self.tags.iter().map(|(name, value)| format!("{name}:{value}"));
        let phase = self.phase.map(|phase| format!("phase:{}", phase.name()));
        let parts: Vec<String> = tags.chain(phase).collect();
        if parts.is_empty() {
            return self.metric.clone();
        }
        format!("{}{{{}}}", self.metric, parts.join(","))
    }
}

/// What a threshold makes of the samples of its metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aggregation {
    /// How many, or their sum: of counters.
    Count,
    /// Of counters the sum in a second, of rates the share that is not zero.
    Rate,
    /// The last one, of gauges.
    Value,
    /// The mean.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// The median.
    Med,
    /// That percentile, between 0 and 100.
    #[serde(rename = "p")]
    Percentile(f64),
}

/// How an aggregated figure is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// `<`
    #[serde(rename = "<")]
    Less,
    /// `<=`
    #[serde(rename = "<=")]
    LessOrEqual,
    /// `>`
    #[serde(rename = ">")]
    Greater,
    /// `>=`
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// `==`, also written `===`
    #[serde(rename = "==")]
    Equal,
    /// `!=`
    #[serde(rename = "!=")]
    NotEqual,
}

impl Operator {
    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    /// Whether `left` stands to `right` as it says.
    #[expect(clippy::float_cmp, reason = "`==` is what was asked for; it is meant for counts")]
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }
}
