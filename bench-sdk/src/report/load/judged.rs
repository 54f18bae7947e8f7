//! Thresholds in words.

use super::order::base;
use super::words::{figure, plain, share};
use crate::record::load::{
    Aggregation, LoadRecord, MetricKind, MetricRecord, MetricUnit, Threshold, ThresholdRecord,
};

/// A threshold as it is shown, not yet made safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// Whether it held.
    pub(super) passed: bool,
    /// The series that it looks at.
    pub(super) metric: String,
    /// What was asked for: `p(95) < 500 ms`.
    pub(super) condition: String,
    /// What was found.
    pub(super) found: String,
    /// What to know about it.
    pub(super) note: Option<String>,
}

impl Judged {
    /// What was found, and what to know about it, each said once.
    pub(super) fn found_words(&self) -> String {
        match self.note.as_deref() {
            Some(note) if note.starts_with(&self.found) => note.to_owned(),
            Some(note) => format!("{}   {note}", self.found),
            None => self.found.clone(),
        }
    }
}

/// All thresholds of a record, in their order.
pub(super) fn judged(record: &LoadRecord) -> Vec<Judged> {
    let asked = |nth: usize, came: &ThresholdRecord| {
        let asked = record.plan.thresholds.get(nth);
        asked.filter(|asked| asked.expression == came.expression)
    };
    let judge = |(nth, came): (usize, &ThresholdRecord)| {
        let metric = record.metrics.get(&came.metric);
        let metric = metric.or_else(|| record.metrics.get(base(&came.metric)));
        judge(came, asked(nth, came), metric)
    };
    record.thresholds.iter().enumerate().map(judge).collect()
}

fn judge(
    came: &ThresholdRecord,
    asked: Option<&Threshold>,
    metric: Option<&MetricRecord>,
) -> Judged {
    let shown = |value: f64| match (asked, metric) {
        (Some(asked), Some(metric)) => value_words(asked.aggregation, metric, value),
        _ => plain(value),
    };
    let condition = match (asked, metric) {
        (Some(asked), Some(_)) => format!(
            "{} {} {}",
            aggregation_words(asked.aggregation),
            asked.operator.sign(),
            shown(asked.value)
        ),
        // Without the metric its unit is not known.
        _ => came.expression.clone(),
    };
    let found = match (came.value, came.samples) {
        (Some(value), _) => shown(value),
        (None, 0) => "no samples".to_owned(),
        (None, _) => "beyond all that was measured".to_owned(),
    };
    Judged {
        passed: came.passed,
        metric: came.metric.clone(),
        condition,
        found,
        note: came.note.clone(),
    }
}

fn aggregation_words(aggregation: Aggregation) -> String {
    match aggregation {
        Aggregation::Count => "count".to_owned(),
        Aggregation::Rate => "rate".to_owned(),
        Aggregation::Value => "value".to_owned(),
        Aggregation::Avg => "avg".to_owned(),
        Aggregation::Min => "min".to_owned(),
        Aggregation::Max => "max".to_owned(),
        Aggregation::Med => "med".to_owned(),
        Aggregation::Percentile(p) => format!("p({p})"),
    }
}

fn value_words(aggregation: Aggregation, metric: &MetricRecord, value: f64) -> String {
    match (metric.kind, aggregation) {
        (MetricKind::Rate, Aggregation::Rate) => share(value),
        (MetricKind::Counter, Aggregation::Rate) => format!("{}/s", figure(metric.unit, value)),
        (MetricKind::Trend, Aggregation::Count) => figure(MetricUnit::One, value),
        _ => figure(metric.unit, value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{failing_run, open_run};
    use super::*;

    #[test]
    fn thresholds_are_told_in_the_units_of_their_metrics() {
        let told: Vec<String> = judged(&open_run())
            .iter()
            .map(|one| format!("{} {}: {}", one.metric, one.condition, one.found))
            .collect();
        assert_eq!(
            told,
            [
                "http_req_duration p(95) < 500 ms: 11.2 ms",
                "http_req_failed rate < 10 %: 0.02 %",
                "dropped_iterations count == 0: 4",
            ]
        );
        assert_eq!(judged(&failing_run())[0].found, "no samples");
    }

    #[test]
    fn what_is_not_known_stands_as_it_was_written() {
        let mut record = open_run();
        record.plan.thresholds.clear();
        assert_eq!(judged(&record)[0].condition, "p(95)<500");
        record.thresholds[0].value = None;
        assert_eq!(judged(&record)[0].found, "beyond all that was measured");
        record.metrics.clear();
        assert_eq!(judged(&record)[0].condition, "p(95)<500");
    }
}
