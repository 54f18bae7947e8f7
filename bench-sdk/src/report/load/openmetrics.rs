//! A load test as `OpenMetrics` text: trends are summaries, whose quantiles are those of the run.

use std::collections::BTreeMap;

use super::order::split_tags;
use super::outcome::LoadOutcome;
use super::words::kind_word;
use crate::record::load::{LoadRecord, MetricKind, MetricRecord, MetricUnit, TrendSummary};
use crate::report::json_text::number;
use crate::report::openmetrics::{PREFIX, labels, sanitized};

/// What a family is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
    Summary,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Summary => "summary",
        }
    }
}

/// A family: its samples as `suffix{labels}` and value, without two of the same name.
#[derive(Debug)]
struct Family {
    kind: Kind,
    unit: &'static str,
    help: String,
    samples: Vec<(String, String)>,
}

/// Families by name.
#[derive(Default)]
struct Families(BTreeMap<String, Family>);

impl Families {
    /// Adds samples to the family of that stem and unit; one that is of another kind already, by a
    /// name of the user's, keeps its own.
    fn add(
        &mut self,
        stem: &str,
        (kind, unit): (Kind, &'static str),
        help: &str,
        samples: Vec<(String, String)>,
    ) {
        let joint = if unit.is_empty() { "" } else { "_" };
        let stem = stem.strip_suffix(&format!("_{unit}")).unwrap_or(stem);
        let name = format!("{PREFIX}_load_{stem}{joint}{unit}");
        let family = self.0.entry(name).or_insert_with(|| Family {
            kind,
            unit,
            help: help.to_owned(),
            samples: Vec::new(),
        });
        if (family.kind, family.unit) != (kind, unit) {
            return;
        }
        for sample in samples {
            if !family.samples.iter().any(|(known, _)| *known == sample.0) {
                family.samples.push(sample);
            }
        }
    }

    fn gauge(&mut self, stem: &str, unit: &'static str, help: &str, labels: String, value: f64) {
        if let Some(value) = number(value) {
            self.add(stem, (Kind::Gauge, unit), help, vec![(labels, value)]);
        }
    }
}

/// Everything that was measured, with the labels `test` and those of the tags; figures are in base
/// units.
pub(super) fn render_openmetrics(record: &LoadRecord) -> String {
    let mut families = Families::default();
    add_run(&mut families, record);
    for (name, metric) in &record.metrics {
        add_metric(&mut families, &record.plan.name, name, metric);
    }
    add_judged(&mut families, record);
    let mut out = run_info(record);
    for (name, family) in &families.0 {
        push_family(&mut out, name, family);
    }
    out.push_str("# EOF\n");
    out
}

/// What stands for the run as a whole.
fn add_run(families: &mut Families, record: &LoadRecord) {
    let of_test = labels(&[("test", &record.plan.name)]);
    let ok = f64::from(u8::from(LoadOutcome::of(record).is_good()));
    families.gauge("ok", "", "1 where nothing speaks against the run", of_test.clone(), ok);
    let limited = f64::from(u8::from(record.generator.limited));
    let help = "1 where the side that makes the load was the limit";
    families.gauge("generator_limited", "", help, of_test.clone(), limited);
    let took = record.run.duration_ns as f64 / 1e9;
    families.gauge("run_duration", "seconds", "how long the run took", of_test, took);
}

/// Thresholds, checks and errors.
fn add_judged(families: &mut Families, record: &LoadRecord) {
    let test = record.plan.name.as_str();
    for threshold in &record.thresholds {
        let pairs =
            [("test", test), ("metric", &threshold.metric), ("threshold", &threshold.expression)];
        let ok = f64::from(u8::from(threshold.passed));
        families.gauge("threshold_ok", "", "1 where the threshold held", labels(&pairs), ok);
    }
    for check in &record.checks {
        let of_check = labels(&[("test", test), ("check", &check.name)]);
        let (passes, fails) = (check.passes as f64, check.fails as f64);
        families.gauge("check_passes", "", "how often the check held", of_check.clone(), passes);
        families.gauge("check_fails", "", "how often the check did not hold", of_check, fails);
    }
    for error in &record.errors {
        let of_error = labels(&[("test", test), ("kind", &error.kind)]);
        families.gauge("errors", "", "what failed in one way", of_error, error.count as f64);
    }
}

fn add_metric(families: &mut Families, test: &str, key: &str, metric: &MetricRecord) {
    let (name, tags) = split_tags(key);
    let (unit, factor) = match metric.unit {
        MetricUnit::Nanoseconds => ("seconds", 1e9),
        MetricUnit::Bytes => ("bytes", 1.0),
        MetricUnit::One => ("", 1.0),
    };
    let stem = sanitized(name);
    let help = format!("{stem} of a load test");
    let pairs = pairs(test, &tags);
    let of = labels(&borrowed(&pairs));
    let value = metric.value.map(|value| value / factor);
    match (metric.kind, value) {
        (MetricKind::Counter, Some(value)) => {
            // The name of a counter's sample ends in `_total`, that of its family does not.
            let stem = stem.strip_suffix("_total").unwrap_or(&stem);
            if let Some(value) = number(value) {
                let sample = vec![(format!("_total{of}"), value)];
                families.add(stem, (Kind::Counter, unit), &help, sample);
            }
            if let Some(rate) = metric.per_second {
                let unit = if unit.is_empty() { "per_second" } else { "bytes_per_second" };
                families.gauge(stem, unit, &help, of, rate / factor);
            }
        }
        (MetricKind::Gauge, Some(value)) => {
            families.gauge(&stem, unit, &help, of.clone(), value);
            if let Some((least, greatest)) = metric.range {
                families.gauge(&format!("{stem}_min"), unit, &help, of.clone(), least);
                families.gauge(&format!("{stem}_max"), unit, &help, of, greatest);
            }
        }
        (MetricKind::Rate, Some(value)) => families.gauge(&stem, "ratio", &help, of, value),
        (MetricKind::Trend, _) => {
            if let Some(trend) = &metric.trend {
                add_trend(families, &stem, (unit, factor), &pairs, trend);
            }
        }
        (_, None) => {}
    }
}

/// A summary, and gauges for its ends; a quantile among what did not end is `+Inf`, so that an alarm
/// on it goes off.
fn add_trend(
    families: &mut Families,
    stem: &str,
    (unit, factor): (&'static str, f64),
    pairs: &[(String, String)],
    trend: &TrendSummary,
) {
    let quantiles =
        [("0.5", trend.med), ("0.9", trend.p90), ("0.95", trend.p95), ("0.99", trend.p99)];
    let mut samples = Vec::new();
    for (q, value) in quantiles {
        let mut with: Vec<(&str, &str)> = borrowed(pairs);
        with.push(("quantile", q));
        let value = match value {
            None => Some("+Inf".to_owned()),
            Some(value) => number(value / factor),
        };
        samples.extend(value.map(|value| (labels(&with), value)));
    }
    let of = labels(&borrowed(pairs));
    samples.push((format!("_count{of}"), trend.count.to_string()));
    let sum = number(trend.avg * trend.count as f64 / factor);
    samples.extend(sum.map(|sum| (format!("_sum{of}"), sum)));
    let help = format!("{stem} of a load test");
    families.add(stem, (Kind::Summary, unit), &help, samples);
    let help = format!("least {stem}");
    families.gauge(&format!("{stem}_min"), unit, &help, of.clone(), trend.min / factor);
    let help = format!("greatest {stem} of what ended");
    families.gauge(&format!("{stem}_max"), unit, &help, of.clone(), trend.max / factor);
    let help = format!("{stem} that did not end");
    families.gauge(&format!("{stem}_censored"), "", &help, of, trend.censored as f64);
}

/// Labels of a metric: the test, and its tags where their names are free.
fn pairs(test: &str, tags: &[(String, String)]) -> Vec<(String, String)> {
    let mut pairs = vec![("test".to_owned(), test.to_owned())];
    for (tag, value) in tags {
        let mut name = sanitized(tag);
        let is_taken = |name: &str| name == "quantile" || name == "le" || name.starts_with("__");
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || is_taken(&name) {
            name = format!("tag_{name}");
        }
        if !pairs.iter().any(|(known, _)| *known == name) {
            pairs.push((name, value.clone()));
        }
    }
    pairs
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn run_info(record: &LoadRecord) -> String {
    let run = &record.run;
    let pairs = [
        ("test", record.plan.name.as_str()),
        ("run", &run.id),
        ("started_at", &run.started_at),
        ("kind", kind_word(run.kind)),
        ("target", &run.target),
    ];
    let name = format!("{PREFIX}_load_run");
    format!(
        "# HELP {name} the load test that the other figures are of\n# TYPE {name} info\n\
         {name}_info{} 1\n",
        labels(&pairs)
    )
}

fn push_family(out: &mut String, name: &str, family: &Family) {
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("# HELP {name} {}", family.help));
    line(&format!("# TYPE {name} {}", family.kind.word()));
    if !family.unit.is_empty() {
        line(&format!("# UNIT {name} {}", family.unit));
    }
    for (suffix, value) in &family.samples {
        line(&format!("{name}{suffix} {value}"));
    }
}
