//! Budgets: `median < 10us`, `allocs == 0`, `p(99) < 2ms`, `peak_rss < 64MiB`.

use std::collections::BTreeMap;

use crate::record::{Metric, metric_name};

/// A limit on one metric.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Budget {
    text: String,
    metric: String,
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

/// Units with the factor to nanoseconds or bytes.
const UNITS: [(&str, f64); 12] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("ms", 1e6),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("kB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("B", 1.0),
    ("s", 1e9),
];

impl Budget {
    /// Reads `metric operator number unit`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let refuse = |why: &str| format!("budget `{text}`: {why}");
        let (at, sign, relation) = RELATIONS
            .iter()
            .filter_map(|(sign, relation)| Some((text.find(sign)?, *sign, *relation)))
            .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())))
            .ok_or_else(|| refuse("it needs one of < <= > >= =="))?;
        let metric = full_name(text[..at].trim()).ok_or_else(|| refuse("it names no metric"))?;
        let value = text[at + sign.len()..].trim();
        let (number, factor) = UNITS
            .iter()
            .find_map(|(unit, factor)| Some((value.strip_suffix(unit)?.trim(), *factor)))
            .unwrap_or((value, 1.0));
        let number: f64 = number.replace('_', "").parse().map_err(|_| refuse("no number"))?;
        Ok(Self { text: text.to_owned(), metric, relation, limit: number * factor })
    }

    /// Whether it limits a time, which means little without optimisation.
    pub(crate) fn is_time(&self) -> bool {
        self.metric.starts_with("time") || self.metric.starts_with("throughput")
    }

    /// The quantile of latency that it limits, between 0 and 1, and the metric's name.
    pub(super) fn quantile(&self) -> Option<(f64, &str)> {
        let percent: f64 = self.metric.strip_prefix("time_p")?.parse().ok()?;
        (0.0 < percent && percent < 100.0).then_some((percent / 100.0, &self.metric))
    }

    /// Whether the figure that it limits is there.
    pub(crate) fn is_measured(&self, metrics: &BTreeMap<String, Metric>) -> bool {
        metrics.contains_key(&self.metric)
    }

    /// Holds the figures against the limit; the error gives value, limit and interval.
    pub(crate) fn check(&self, metrics: &BTreeMap<String, Metric>) -> Result<(), String> {
        let Some(metric) = metrics.get(&self.metric) else {
            let remedy = if self.metric.starts_with("alloc") {
                "; install `bench_sdk::BenchAlloc` as the global allocator of the bench binary"
            } else if self.metric == metric_name::INSTRUCTIONS {
                "; `--instructions` has Callgrind count them"
            } else {
                ""
            };
            return Err(format!("`{}`: `{}` is not measured{remedy}", self.text, self.metric));
        };
        let value = metric.estimate;
        let holds = match self.relation {
            Relation::Less => value < self.limit,
            Relation::LessOrEqual => value <= self.limit,
            Relation::Greater => value > self.limit,
            Relation::GreaterOrEqual => value >= self.limit,
            Relation::Equal => (value - self.limit).abs() < 1e-9,
        };
        if holds {
            return Ok(());
        }
        let unit = metric.unit.symbol();
        let interval = match (metric.low, metric.high) {
            (Some(low), Some(high)) => format!(" ({low:.4} to {high:.4})"),
            _ => String::new(),
        };
        Err(format!("`{}`: it is {value:.4} {unit}{interval}", self.text))
    }
}

/// The name of the metric that a budget means.
fn full_name(short: &str) -> Option<String> {
    let name = match short.replace(' ', "").as_str() {
        "median" | "med" | "time" => metric_name::TIME,
        "mean" | "avg" => metric_name::TIME_MEAN,
        "min" => metric_name::TIME_MIN,
        "" => return None,
        other => {
            let percentile = other.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')'));
            return Some(percentile.map_or_else(|| short.to_owned(), |p| format!("time_p{p}")));
        }
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Better, Unit};

    #[test]
    fn budgets_are_read_with_their_units() {
        let limit = |text: &str| Budget::parse(text).map(|b| (b.metric.clone(), b.limit));
        assert_eq!(limit("median < 10us"), Ok(("time".into(), 10_000.0)));
        assert_eq!(limit("p(99)<=2ms"), Ok(("time_p99".into(), 2e6)));
        let quantile = Budget::parse("p(99.9) < 1ms").ok();
        let quantile = quantile.as_ref().and_then(Budget::quantile);
        assert!(quantile.is_some_and(|(p, name)| (p - 0.999).abs() < 1e-9 && name == "time_p99.9"));
        assert_eq!(limit("peak_rss < 64MiB"), Ok(("peak_rss".into(), 67_108_864.0)));
        assert_eq!(limit("allocs == 0"), Ok(("allocs".into(), 0.0)));
        assert!(limit("allocs").is_err() && limit("< 5").is_err() && limit("a < b").is_err());
    }

    #[test]
    fn what_breaks_a_budget_is_told_with_value_and_limit() {
        let time = Metric::point(Unit::Nanoseconds, Better::Lower, 12_000.0);
        let metrics = BTreeMap::from([("time".to_owned(), time)]);
        let check = |text: &str| Budget::parse(text).and_then(|budget| budget.check(&metrics));
        assert_eq!(check("median < 13us"), Ok(()));
        assert!(check("median < 10us").is_err_and(|e| e.contains("12000")));
        assert!(check("allocs == 0").is_err_and(|e| e.contains("BenchAlloc")));
    }
}
