//! The number of a threshold and its unit.

use crate::record::load::{Aggregation, MetricKind, MetricUnit};

/// A unit with its factor to nanoseconds, bytes or one.
type Factors = &'static [(&'static str, f64)];

const TIME: Factors = &[
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 6e10),
    ("min", 6e10),
    ("h", 3.6e12),
];
const BYTES: Factors = &[
    ("B", 1.0),
    ("kB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
];
const PLAIN: Factors = &[("k", 1e3), ("M", 1e6), ("G", 1e9)];
const SHARE: Factors = &[("%", 0.01)];
/// Nanoseconds of a bare number on a metric of time, which is one of milliseconds.
pub(crate) const MILLISECOND: f64 = 1e6;

/// What a number of a threshold may be: its units, and the words for them.
struct Accepted {
    factors: &'static [Factors],
    /// What a number without a unit counts.
    bare: f64,
    words: &'static str,
}

/// Reads a number with or without a unit, for a metric of that kind, or one that is not known
/// before it runs. In nanoseconds, bytes or as a plain number.
pub(super) fn parse_limit(
    text: &str,
    metric: Option<(MetricKind, MetricUnit)>,
    aggregation: Aggregation,
) -> Result<f64, String> {
    let (number, unit) = split(text);
    let accepted = accepted(metric, aggregation);
    let value = number.replace('_', "").parse::<f64>().ok().filter(|value| value.is_finite());
    if text.is_empty() {
        return Err(format!("a number is missing; accepted: {}", accepted.words));
    }
    let Some(value) = value else {
        return Err(format!("`{text}` is not a number; accepted: {}", accepted.words));
    };
    if unit.is_empty() {
        return Ok(value * accepted.bare);
    }
    let per_second = matches!(aggregation, Aggregation::Rate) && is_counter(metric);
    let unit = if per_second { unit.trim_end_matches("/s") } else { unit };
    if unit.is_empty() {
        return Ok(value);
    }
    let known = accepted.factors.iter().copied().flatten().find(|(name, _)| *name == unit);
    match known {
        // A hundredth is not exact, a division by a hundred is.
        Some(("%", _)) => Ok(value / 100.0),
        Some((_, factor)) => Ok(value * factor),
        None => Err(format!("`{unit}` is no unit that fits; accepted: {}", accepted.words)),
    }
}

/// Whether the expression ends in a number without a unit.
pub(crate) fn is_bare(expression: &str) -> bool {
    expression.trim_end().ends_with(|last: char| last.is_ascii_digit() || last == '.')
}

fn is_counter(metric: Option<(MetricKind, MetricUnit)>) -> bool {
    metric.is_none_or(|(kind, _)| kind == MetricKind::Counter)
}

fn accepted(metric: Option<(MetricKind, MetricUnit)>, aggregation: Aggregation) -> Accepted {
    let per_second = matches!(aggregation, Aggregation::Rate);
    let (factors, bare, words): (&[Factors], _, _) = match metric {
        None => (
            &[TIME, BYTES, PLAIN, SHARE],
            1.0,
            "a number, alone or with a unit of time, bytes, `%`, `k` or `M`",
        ),
        Some((MetricKind::Rate, _)) => (&[SHARE], 1.0, "a share, such as `0.01` or `1%`"),
        Some((_, MetricUnit::Nanoseconds)) => (
            &[TIME],
            MILLISECOND,
            "a time in `ns`, `us`, `ms`, `s`, `m` or `h`, or a bare number of milliseconds",
        ),
        Some((_, MetricUnit::Bytes)) if per_second => {
            (&[BYTES], 1.0, "bytes a second, such as `500`, `64KiB/s` or `1MB/s`")
        }
        Some((_, MetricUnit::Bytes)) => {
            (&[BYTES], 1.0, "bytes, in `B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB` or bare")
        }
        Some((_, MetricUnit::One)) if per_second => {
            (&[PLAIN], 1.0, "a number a second, such as `500`, `500/s` or `2k/s`")
        }
        Some((_, MetricUnit::One)) => (&[PLAIN], 1.0, "a plain number, such as `500` or `2k`"),
    };
    Accepted { factors, bare, words }
}

/// A number in front, and what follows it.
fn split(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let mut end = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    while matches!(bytes.get(end), Some(b'0'..=b'9' | b'.' | b'_')) {
        end += 1;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if matches!(bytes.get(end + 1 + sign), Some(b'0'..=b'9')) {
            end += 1 + sign;
            while matches!(bytes.get(end), Some(b'0'..=b'9')) {
                end += 1;
            }
        }
    }
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}
