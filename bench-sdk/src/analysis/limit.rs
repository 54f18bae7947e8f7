//! The number and unit of a budget.

use crate::record::{Unit, metric_name};

/// What a metric of one kind is measured in: the units with their factors, and the words for them.
struct Accepted {
    /// Factors to the unit of the record; the empty one stands for no unit.
    units: &'static [(&'static str, f64)],
    words: &'static str,
}

const TIME: Accepted = Accepted {
    units: &[("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9)],
    words: "a time: `ns`, `us`, `ms` or `s`",
};
const BYTES: Accepted = Accepted {
    units: &[
        ("", 1.0),
        ("B", 1.0),
        ("kB", 1e3),
        ("MB", 1e6),
        ("GB", 1e9),
        ("KiB", 1024.0),
        ("MiB", 1_048_576.0),
        ("GiB", 1_073_741_824.0),
    ],
    words: "bytes: `B`, `kB`, `MB`, `GB`, `KiB`, `MiB` or `GiB`",
};
const BYTE_RATE: Accepted = Accepted {
    units: &[
        ("", 1.0),
        ("B/s", 1.0),
        ("kB/s", 1e3),
        ("MB/s", 1e6),
        ("GB/s", 1e9),
        ("KiB/s", 1024.0),
        ("MiB/s", 1_048_576.0),
        ("GiB/s", 1_073_741_824.0),
    ],
    words: "bytes a second: `B/s`, `kB/s`, `MB/s`, `GB/s`, `KiB/s`, `MiB/s` or `GiB/s`",
};
const RATE: Accepted = Accepted {
    units: &[
        ("", 1.0),
        ("/s", 1.0),
        ("1/s", 1.0),
        ("k", 1e3),
        ("k/s", 1e3),
        ("M", 1e6),
        ("M/s", 1e6),
        ("G", 1e9),
        ("G/s", 1e9),
    ],
    words: "a number a second: none, `/s`, `k/s`, `M/s` or `G/s`",
};
const COUNT: Accepted = Accepted {
    units: &[("", 1.0), ("k", 1e3), ("M", 1e6), ("G", 1e9)],
    words: "a plain number: none, `k`, `M` or `G`",
};
const SHARE: Accepted =
    Accepted { units: &[("", 1.0), ("%", 0.01)], words: "a share: `%`, or none as in 1.5" };
const ENERGY: Accepted = Accepted {
    units: &[
        ("nJ", 1e-9),
        ("uJ", 1e-6),
        ("µJ", 1e-6),
        ("μJ", 1e-6),
        ("mJ", 1e-3),
        ("J", 1.0),
        ("kJ", 1e3),
    ],
    words: "an energy: `nJ`, `uJ`, `mJ`, `J` or `kJ`",
};

fn accepted(name: &str, unit: Unit) -> Accepted {
    match unit {
        Unit::Nanoseconds => TIME,
        Unit::Bytes => BYTES,
        Unit::BytesPerSecond => BYTE_RATE,
        Unit::PerSecond => RATE,
        Unit::One if metric_name::is_share(name) => SHARE,
        Unit::One => COUNT,
        Unit::Joules => ENERGY,
    }
}

/// Reads the limit on a metric of that name and unit, which the user called `word`; the value is in
/// the metric's own unit.
pub(super) fn parse_limit(name: &str, unit: Unit, word: &str, text: &str) -> Result<f64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_'));
    let (digits, symbol) = text.split_at(end.unwrap_or(text.len()));
    let symbol = symbol.trim();
    let number = digits.replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite());
    let number =
        number.ok_or_else(|| format!("`{text}` does not begin with a number, as `10us` does"))?;
    let Accepted { units, words } = accepted(name, unit);
    match units.iter().find(|(known, _)| *known == symbol) {
        // A hundredth is not exact, a division by a hundred is.
        Some(("%", _)) => Ok(number / 100.0),
        Some((_, factor)) => Ok(number * factor),
        None if symbol.is_empty() => Err(format!("`{text}` lacks its unit; `{word}` is {words}")),
        None => Err(format!("`{symbol}` does not fit; `{word}` is {words}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_leads_to_that_of_the_record() {
        let limit = |name: &str, text: &str| {
            let unit = metric_name::describe(name).map(|what| what.unit);
            parse_limit(name, unit.ok_or("unknown")?, name, text)
        };
        for (name, text, value) in [
            ("time", "1.5us", 1_500.0),
            ("time_p99.9", "2 µs", 2_000.0),
            ("peak_rss", "64MiB", 67_108_864.0),
            ("leaked", "0", 0.0),
            ("throughput_bytes", "1.5 MB/s", 1.5e6),
            ("throughput_items", "1_000", 1_000.0),
            ("ops_per_cpu_second", "2 M/s", 2e6),
            ("instructions", "12k", 12_000.0),
            ("cpu_utilisation", "150%", 1.5),
            ("cpu_utilisation", "0.9", 0.9),
            ("energy", "12 mJ", 0.012),
        ] {
            let read = limit(name, text);
            assert!(
                read.as_ref().is_ok_and(|read| (read - value).abs() <= value * 1e-12),
                "{name} {text}: {read:?}"
            );
        }
        assert!(limit("time", &format!("{}s", "9".repeat(400))).is_err());
    }
}
