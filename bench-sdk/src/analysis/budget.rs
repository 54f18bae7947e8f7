//! Budgets: `median < 10us`, `allocs == 0`, `p(99) < 2ms`, `peak_rss < 64MiB`.

use std::collections::BTreeMap;

use super::absence::reason;
use super::limit::parse_limit;
use crate::plan::nearest;
use crate::record::metric_name::{self, Description, Nature};
use crate::record::{CaseRecord, Metric, units};

/// A limit on one metric.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Budget {
    text: String,
    metric: String,
    nature: Nature,
    relation: Relation,
    limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

/// Two-letter signs first, so that `<=` is not read as `<`.
const RELATIONS: [(&str, Relation); 5] = [
    ("<=", Relation::LessOrEqual),
    (">=", Relation::GreaterOrEqual),
    ("==", Relation::Equal),
    ("<", Relation::Less),
    (">", Relation::Greater),
];

/// Words of load thresholds and other tools, for the metrics that they mean here.
const WORDS: [(&str, &str); 5] = [
    ("median", metric_name::TIME),
    ("med", metric_name::TIME),
    ("mean", metric_name::TIME_MEAN),
    ("avg", metric_name::TIME_MEAN),
    ("min", metric_name::TIME_MIN),
];

impl Budget {
    /// Reads `metric operator number unit`; the error says what is accepted.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        Self::read(text).map_err(|why| format!("budget `{text}`: {why}"))
    }

    fn read(text: &str) -> Result<Self, String> {
        let at = text.find(['<', '>', '=']).filter(|at| !text[..*at].trim().is_empty());
        let (word, rest) = text.split_at(at.ok_or(
            "write metric, operator and number, such as `median < 10us` or `allocs == 0`",
        )?);
        let (sign, relation) = RELATIONS
            .into_iter()
            .find(|(sign, _)| rest.starts_with(sign))
            .ok_or("it has no operator; there are `<`, `<=`, `>`, `>=` and `==`")?;
        let word = word.trim();
        let (metric, Description { unit, nature, .. }) = metric_of(word)?;
        let limit = parse_limit(&metric, unit, word, rest[sign.len()..].trim())?;
        Ok(Self { text: text.to_owned(), metric, nature, relation, limit })
    }

    /// The metric that it limits.
    pub(super) fn metric(&self) -> &str {
        &self.metric
    }

    /// What the metric's figures depend on.
    pub(crate) fn nature(&self) -> Nature {
        self.nature
    }

    /// Whether the figure that it limits is there.
    pub(crate) fn is_measured(&self, record: &CaseRecord) -> bool {
        record.metric(&self.metric).is_some()
    }

    /// Holds the figures against the limit: the estimate decides. The error gives limit, value and
    /// interval, or why there is no figure.
    pub(crate) fn check(&self, record: &CaseRecord) -> Result<(), String> {
        let Some(metric) = record.metric(&self.metric) else {
            let text = format!("`{}`: `{}` is not measured", self.text, self.metric);
            let reason = reason(&self.metric, record, &BTreeMap::new());
            let mut text = text + &reason.map_or_else(String::new, |reason| format!("; {reason}"));
            if self.metric == metric_name::INSTRUCTIONS {
                text.push_str("; `--instructions` has Callgrind count them");
            }
            return Err(text);
        };
        if self.holds(metric.estimate) {
            return Ok(());
        }
        let (figure, doubt) = (units::figure(&self.metric, metric), self.doubt(metric));
        let interval = units::interval(&self.metric, metric)
            .map_or_else(String::new, |interval| format!(" ({interval})"));
        Err(format!("`{}`: it is {figure}{interval}{doubt}", self.text))
    }

    fn holds(&self, value: f64) -> bool {
        match self.relation {
            Relation::Less => value < self.limit,
            Relation::LessOrEqual => value <= self.limit,
            Relation::Greater => value > self.limit,
            Relation::GreaterOrEqual => value >= self.limit,
            Relation::Equal => (value - self.limit).abs() <= 1e-9 * self.limit.abs().max(1.0),
        }
    }

    /// What is said where the interval has values that the budget allows, though the estimate is
    /// none of them.
    fn doubt(&self, metric: &Metric) -> &'static str {
        let (Some(low), Some(high)) = (metric.low, metric.high) else { return "" };
        match self.relation {
            Relation::Less | Relation::LessOrEqual if self.holds(low) => {
                ", and the interval reaches below the limit"
            }
            Relation::Greater | Relation::GreaterOrEqual if self.holds(high) => {
                ", and the interval reaches above the limit"
            }
            Relation::Equal if low <= self.limit && self.limit <= high => {
                ", and the limit lies in the interval"
            }
            _ => "",
        }
    }
}

/// The name of the metric that a word means, and what it is.
fn metric_of(word: &str) -> Result<(String, Description), String> {
    let percentile = word.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')'));
    let name = match (percentile, WORDS.iter().find(|(known, _)| *known == word)) {
        (Some(percent), _) => format!("time_p{}", percent.trim()),
        (None, Some((_, name))) => (*name).to_owned(),
        (None, None) => word.to_owned(),
    };
    if let Some(what) = metric_name::describe(&name) {
        return Ok((name, what));
    }
    if name.starts_with("time_p") {
        return Err(format!(
            "`{word}` is no percentile; write one between 0 and 100, such as `p(99)`"
        ));
    }
    let known = WORDS.iter().map(|(word, _)| *word).chain(metric_name::ALL.iter().copied());
    Err(nearest(word, known).map_or_else(
        || {
            format!(
                "unknown metric `{word}`; there are `median`, `mean`, `min`, `p(99)` and the \
                 metrics of records, such as `allocs` and `peak_rss`"
            )
        },
        |name| format!("unknown metric `{word}`; did you mean `{name}`?"),
    ))
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
