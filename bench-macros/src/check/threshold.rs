//! The grammar of `thresholds`: `metric operator number[unit]`.

use syn::LitStr;

use crate::errors::Errors;
use crate::suggest::nearest;

/// Operators; the longer ones first, as they begin with a shorter one.
const OPERATORS: [&str; 5] = ["<=", ">=", "==", "<", ">"];

/// Metrics that are times of one iteration.
const TIMES: [&str; 12] = [
    "median",
    "mean",
    "min",
    "time",
    "time_min",
    "time_mean",
    "time_p50",
    "time_p95",
    "time_p99",
    "cpu_user",
    "cpu_system",
    "p(99)",
];

/// Metrics that are numbers of bytes, or of bytes a second.
const BYTES: [&str; 9] = [
    "throughput_bytes",
    "peak_rss",
    "disk_read",
    "disk_written",
    "net_received",
    "net_sent",
    "alloc_bytes",
    "peak_live",
    "leaked",
];

/// Metrics that are plain numbers.
const COUNTS: [&str; 14] = [
    "throughput_items",
    "throughput_chars",
    "throughput_cycles",
    "context_switches_voluntary",
    "context_switches_involuntary",
    "faults_minor",
    "faults_major",
    "allocs",
    "frees",
    "instructions",
    "cycles",
    "cache_misses",
    "branch_misses",
    "energy",
];

const TIME_UNITS: [&str; 5] = ["ns", "us", "µs", "ms", "s"];
const BYTE_UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "kB", "MB", "GB"];

/// What a metric is measured in.
#[derive(Clone, Copy)]
enum Quantity {
    Time,
    Bytes,
    Count,
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
    let place = place.ok_or_else(|| grammar(threshold))?;
    let (metric, rest) = threshold.split_at(place);
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
    if let Some(percentile) = metric.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')')) {
        return match percentile.trim().parse::<f64>() {
            Ok(percentile) if percentile > 0.0 && percentile < 100.0 => Ok(Quantity::Time),
            _ => Err(format!(
                "`{metric}` is no percentile; write one between 0 and 100, such as `p(99)`"
            )),
        };
    }
    if TIMES.contains(&metric) {
        Ok(Quantity::Time)
    } else if BYTES.contains(&metric) {
        Ok(Quantity::Bytes)
    } else if COUNTS.contains(&metric) {
        Ok(Quantity::Count)
    } else {
        let known = TIMES.into_iter().chain(BYTES).chain(COUNTS);
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
}

/// The number and its unit.
fn bound(metric: &str, quantity: Quantity, text: &str) -> Result<(), String> {
    let number_end = text
        .char_indices()
        .find(|(_, c)| !c.is_ascii_digit() && !matches!(c, '.' | '_'))
        .map_or(text.len(), |(place, _)| place);
    let (number, unit) = (text[..number_end].replace('_', ""), text[number_end..].trim());
    if number.parse::<f64>().is_err() {
        return Err(format!("`{text}` does not begin with a number, as `10us` does"));
    }
    let (fits, accepted): (bool, &str) = match quantity {
        Quantity::Time => (TIME_UNITS.contains(&unit), "a time: `ns`, `us`, `ms` or `s`"),
        Quantity::Bytes => (
            unit.is_empty() || BYTE_UNITS.contains(&unit),
            "bytes: `B`, `KiB`, `MiB`, `GiB`, `kB`, `MB` or `GB`",
        ),
        Quantity::Count => (unit.is_empty() || unit == "%", "a plain number"),
    };
    if fits {
        Ok(())
    } else if unit.is_empty() {
        Err(format!("`{text}` lacks its unit; `{metric}` is {accepted}"))
    } else {
        Err(format!("`{unit}` does not fit; `{metric}` is {accepted}"))
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn budgets_of_the_documentation_are_accepted() {
        for good in [
            "median < 10us",
            "allocs == 0",
            "p(99) < 2ms",
            "p(99.9) <= 2.5 ms",
            "peak_rss < 64MiB",
            "throughput_items >= 1_000_000",
            "time<10ns",
            "min > 1µs",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn errors_say_what_is_accepted() {
        for (bad, part) in [
            ("fast", "write metric, operator and number"),
            ("median = 10us", "there are `<`"),
            ("medain < 10us", "did you mean `median`"),
            ("median < 10", "lacks its unit"),
            ("median < 10MiB", "is a time"),
            ("allocs < 1ms", "a plain number"),
            ("peak_rss < 1ms", "is bytes"),
            ("p(100) < 1ms", "between 0 and 100"),
            ("median < fast", "does not begin with a number"),
            ("colour < 1ms", "metrics of records"),
        ] {
            let message = check(bad).err().unwrap_or_default();
            assert!(message.contains(part), "{bad}: {message}");
        }
    }
}
