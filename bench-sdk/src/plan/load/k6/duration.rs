//! Lengths of time as k6 reads them.

/// Reads a length of time in nanoseconds, which may be negative: a number of milliseconds, Go's
/// `1m30s`, or days before it, `2d12h`.
pub(in crate::plan::load) fn parse(text: &str) -> Option<i128> {
    if let Ok(milliseconds) = text.parse::<f64>() {
        return whole(milliseconds * 1e6);
    }
    let Some((days, rest)) = text.split_once('d') else { return go(text) };
    let days: i64 = days.parse().ok()?;
    let rest = if rest.is_empty() { 0 } else { go(rest).filter(|rest| *rest >= 0)? };
    let whole_days = i128::from(days) * 86_400_000_000_000;
    Some(if days < 0 { whole_days - rest } else { whole_days + rest })
}

/// Go's form: a sign, then numbers with a unit each.
fn go(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() {
        return None;
    }
    let mut sum = 0_i128;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let factor = match unit {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 6e10,
            "h" => 3.6e12,
            _ => return None,
        };
        sum = sum.checked_add(whole(number.parse::<f64>().ok()? * factor)?)?;
        rest = next;
    }
    Some(sign * sum)
}

/// Whole nanoseconds, where they are no more than about 290 years.
fn whole(ns: f64) -> Option<i128> {
    (ns.is_finite() && ns.abs() < 9.2e18).then(|| ns.round() as i128)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn known_answers() {
        let day = 86_400_000_000_000;
        for (text, ns) in [
            ("1s", 1_000_000_000),
            ("1m30s", 90_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("100", 100_000_000),
            ("0.5", 500_000),
            ("0", 0),
            ("1d", day),
            ("2d12h", 2 * day + day / 2),
            ("-1s", -1_000_000_000),
            ("-1d1h", -day - 3_600_000_000_000),
            ("1h1m1s1ms1us1ns", 3_661_001_001_001),
        ] {
            assert_eq!(parse(text), Some(ns), "{text}");
        }
        for text in ["", "s", "1x", "1 s", "1s2", "d", "1d-2h", "soon", "1.5d", "1e400h", "-"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
