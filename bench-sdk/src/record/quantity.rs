//! Quantities as people write them.

use std::time::Duration;

/// Reads a length of time: a number of seconds, or a number with one of the units `ns`, `us`,
/// `µs`, `ms`, `s`, `m`, `h`; several such may follow each other, as in `1m30s`.
///
/// # Errors
/// A text that is not a length of time, is negative or does not fit gives a sentence that says what
/// is accepted.
///
/// ```
/// use bench_sdk::record::parse_duration;
/// use std::time::Duration;
///
/// assert_eq!(parse_duration("1.5ms"), Ok(Duration::from_micros(1500)));
/// assert_eq!(parse_duration("2"), Ok(Duration::from_secs(2)));
/// assert_eq!(parse_duration("1m30s"), Ok(Duration::from_secs(90)));
/// assert!(parse_duration("soon").is_err());
/// ```
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let refuse =
        || format!("`{text}` is not a length of time: write a number with ns, us, ms, s, m or h");
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(refuse());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let unit_end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(unit_end);
        let number: f64 = number.parse().map_err(|_| refuse())?;
        let seconds = match unit.trim() {
            "ns" => number * 1e-9,
            "us" | "µs" | "μs" => number * 1e-6,
            "ms" => number * 1e-3,
            "" | "s" => number,
            "m" | "min" => number * 60.0,
            "h" => number * 3600.0,
            _ => return Err(refuse()),
        };
        // Through whole nanoseconds: 1.5 * 1e-3 is not exact, but rounds to what was meant.
        let part = Duration::try_from_secs_f64(seconds).map_err(|_| refuse())?;
        total = total.checked_add(part).ok_or_else(refuse)?;
        rest = next;
    }
    Ok(total)
}

/// Reads a ratio: `5%` or `0.05`.
///
/// # Errors
/// A text that is not a positive ratio gives a sentence that says what is accepted.
///
/// ```
/// use bench_sdk::record::parse_ratio;
///
/// assert_eq!(parse_ratio("5%"), Ok(0.05));
/// assert_eq!(parse_ratio("0.01"), Ok(0.01));
/// assert!(parse_ratio("-1%").is_err());
/// ```
pub fn parse_ratio(text: &str) -> Result<f64, String> {
    let refuse = || format!("`{text}` is not a ratio: write it like 1% or 0.01");
    let (number, scale) = match text.trim().strip_suffix('%') {
        Some(percent) => (percent.trim(), 100.0),
        None => (text.trim(), 1.0),
    };
    let value: f64 = number.parse().map_err(|_| refuse())?;
    let ratio = value / scale;
    if ratio.is_finite() && ratio > 0.0 { Ok(ratio) } else { Err(refuse()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "ms", "1x", "-1s", "1e400h", "1..2s", "99999999999999999999h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
        for text in ["", "%", "nan", "inf", "0", "5%%"] {
            assert!(parse_ratio(text).is_err(), "{text}");
        }
    }
}
