//! The grammar of `thresholds`: `metric operator number[unit]`.

use syn::LitStr;

use crate::errors::Errors;
use crate::suggest::nearest;

/// Operators; the longer ones first, as they begin with a shorter one.
const OPERATORS: [&str; 5] = ["<=", ">=", "==", "<", ">"];

/// What a metric is measured in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Quantity {
    Time,
    Bytes,
    ByteRate,
    Rate,
    Count,
    Share,
    Energy,
}

use Quantity::{Bytes, Count, Energy, Rate, Share, Time};

/// Words for metrics of records.
const WORDS: [&str; 5] = ["median", "med", "mean", "avg", "min"];

/// The metrics of records; a test holds them against those of the runtime.
const METRICS: [(&str, Quantity); 49] = [
    ("time", Time),
    ("time_min", Time),
    ("time_mean", Time),
    ("time_p50", Time),
    ("time_p95", Time),
    ("time_p99", Time),
    ("throughput_items", Rate),
    ("throughput_bytes", Quantity::ByteRate),
    ("throughput_chars", Rate),
    ("throughput_cycles", Rate),
    ("throughput_per_thread", Rate),
    ("cpu", Time),
    ("cpu_user", Time),
    ("cpu_system", Time),
    ("cpu_utilisation", Share),
    ("ops_per_cpu_second", Rate),
    ("allocs", Count),
    ("alloc_bytes", Bytes),
    ("frees", Count),
    ("peak_live", Bytes),
    ("leaked", Bytes),
    ("peak_rss", Bytes),
    ("rss_growth", Bytes),
    ("context_switches_voluntary", Count),
    ("context_switches_involuntary", Count),
    ("faults_minor", Count),
    ("faults_major", Count),
    ("disk_read", Bytes),
    ("disk_written", Bytes),
    ("io_read", Bytes),
    ("io_written", Bytes),
    ("read_calls", Count),
    ("write_calls", Count),
    ("net_received", Bytes),
    ("net_sent", Bytes),
    ("net_packets_received", Count),
    ("net_packets_sent", Count),
    ("instructions", Count),
    ("cycles", Count),
    ("ipc", Count),
    ("cache_misses", Count),
    ("branch_misses", Count),
    ("energy", Energy),
    ("cpu_per_op", Time),
    ("allocs_per_op", Count),
    ("alloc_bytes_per_op", Bytes),
    ("disk_per_op", Bytes),
    ("net_per_op", Bytes),
    ("energy_per_op", Energy),
];

impl Quantity {
    /// Its units, the empty one for none, and the words for them.
    fn units(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Time => (&["ns", "us", "µs", "μs", "ms", "s"], "a time: `ns`, `us`, `ms` or `s`"),
            Self::Bytes => (
                &["", "B", "kB", "MB", "GB", "KiB", "MiB", "GiB"],
                "bytes: `B`, `kB`, `MB`, `GB`, `KiB`, `MiB` or `GiB`",
            ),
            Self::ByteRate => (
                &["", "B/s", "kB/s", "MB/s", "GB/s", "KiB/s", "MiB/s", "GiB/s"],
                "bytes a second: `B/s`, `kB/s`, `MB/s`, `GB/s`, `KiB/s`, `MiB/s` or `GiB/s`",
            ),
            Self::Rate => (
                &["", "/s", "1/s", "k", "k/s", "M", "M/s", "G", "G/s"],
                "a number a second: none, `/s`, `k/s`, `M/s` or `G/s`",
            ),
            Self::Count => (&["", "k", "M", "G"], "a plain number: none, `k`, `M` or `G`"),
            Self::Share => (&["", "%"], "a share: `%`, or none as in 1.5"),
            Self::Energy => (
                &["nJ", "uJ", "µJ", "μJ", "mJ", "J", "kJ"],
                "an energy: `nJ`, `uJ`, `mJ`, `J` or `kJ`",
            ),
        }
    }
}

/// Reports budgets that the runtime could not read.
pub(super) fn check_all(thresholds: &[LitStr], errors: &mut Errors) {
    for threshold in thresholds {
        if let Err(message) = check(&threshold.value()) {
            errors.at(threshold, message);
        }
    }
}

/// Checks one budget; the error says what is accepted.
fn check(threshold: &str) -> Result<(), String> {
    let place = threshold.find(['<', '>', '=']);
    let place = place.filter(|place| !threshold[..*place].trim().is_empty());
    let (metric, rest) = threshold.split_at(place.ok_or_else(|| grammar(threshold))?);
    let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
    let operator = operator.ok_or_else(|| {
        format!("`{threshold}` has no operator; there are `<`, `<=`, `>`, `>=` and `==`")
    })?;
    let quantity = quantity(metric.trim())?;
    bound(metric.trim(), quantity, rest[operator.len()..].trim())
}

fn grammar(threshold: &str) -> String {
    format!(
        "`{threshold}` is not a budget; write metric, operator and number, such as \
         `median < 10us` or `allocs == 0`"
    )
}

fn quantity(metric: &str) -> Result<Quantity, String> {
    if WORDS.contains(&metric) {
        return Ok(Time);
    }
    if let Some((_, quantity)) = METRICS.iter().find(|(name, _)| *name == metric) {
        return Ok(*quantity);
    }
    let called = metric.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')'));
    if let Some(percentile) = called.or_else(|| metric.strip_prefix("time_p")) {
        return if is_percentile(percentile.trim()) {
            Ok(Time)
        } else {
            Err(format!(
                "`{metric}` is no percentile; write one between 0 and 100, such as `p(99)`"
            ))
        };
    }
    let known = WORDS.into_iter().chain(METRICS.into_iter().map(|(name, _)| name));
    Err(nearest(metric, known).map_or_else(
        || {
            format!(
                "unknown metric `{metric}`; there are `median`, `mean`, `min`, `p(99)` and the \
                 metrics of records, such as `allocs` and `peak_rss`"
            )
        },
        |name| format!("unknown metric `{metric}`; did you mean `{name}`?"),
    ))
}

fn is_percentile(text: &str) -> bool {
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number: Result<f64, _> = text.parse();
    is_plain && number.is_ok_and(|percent| percent > 0.0 && percent < 100.0)
}

/// The number and its unit.
fn bound(metric: &str, quantity: Quantity, text: &str) -> Result<(), String> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_'));
    let (digits, unit) = text.split_at(number_end.unwrap_or(text.len()));
    let unit = unit.trim();
    if !digits.replace('_', "").parse::<f64>().is_ok_and(f64::is_finite) {
        return Err(format!("`{text}` does not begin with a number, as `10us` does"));
    }
    let (units, accepted) = quantity.units();
    if units.contains(&unit) {
        Ok(())
    } else if unit.is_empty() {
        Err(format!("`{text}` lacks its unit; `{metric}` is {accepted}"))
    } else {
        Err(format!("`{unit}` does not fit; `{metric}` is {accepted}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line of each metric of the runtime: `CPU = "cpu", Nanoseconds, Lower, Speed;`
    const RUNTIME: &str = include_str!("../../../bench-sdk/src/record/metric_name.rs");
    /// Budgets with what becomes of them; the runtime is held to the same.
    const EXAMPLES: &str = include_str!("../../../bench-sdk/src/analysis/budget_examples.txt");

    #[test]
    fn the_metrics_are_those_of_the_runtime() {
        let quantity = |name: &str, unit: &str| match unit {
            "Nanoseconds" => Some(Time),
            "Bytes" => Some(Bytes),
            "BytesPerSecond" => Some(Quantity::ByteRate),
            "PerSecond" => Some(Rate),
            "One" if name == "cpu_utilisation" => Some(Share),
            "One" => Some(Count),
            "Joules" => Some(Energy),
            _ => None,
        };
        let metric = |line: &'static str| {
            let rest = line.strip_prefix("    ")?.split_once(" = \"")?.1.strip_suffix(';')?;
            let (name, rest) = rest.split_once("\", ")?;
            Some((name, quantity(name, rest.split(',').next()?)?))
        };
        let metrics: Vec<_> = RUNTIME.lines().filter_map(metric).collect();
        assert_eq!(metrics, METRICS);
    }

    #[test]
    fn budgets_are_taken_and_refused_as_by_the_runtime() {
        let (mut good, mut bad) = (0, 0);
        for line in EXAMPLES.lines() {
            if let Some(budget) = line.strip_prefix("ok  ") {
                assert_eq!(check(budget), Ok(()));
                good += 1;
            } else if let Some(example) = line.strip_prefix("no  ") {
                let (budget, part) = example.split_once(" | ").unwrap_or((example, ""));
                let message = check(budget).err().unwrap_or_default();
                assert!(!part.is_empty() && message.contains(part), "{budget}: {message}");
                bad += 1;
            }
        }
        assert!(good > 20 && bad > 20, "{good} {bad}");
    }
}
