//! Figures within the text of notes.

use crate::record::{Counter, CounterKind};

/// A time to two or three digits.
pub(super) fn time(ns: f64) -> String {
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")];
    let (unit_ns, unit) =
        units.into_iter().find(|(unit_ns, _)| ns >= *unit_ns).unwrap_or((1.0, "ns"));
    let value = ns / unit_ns;
    let decimals = usize::from(value < 10.0);
    format!("{value:.decimals$} {unit}")
}

/// What a counter claims: `10,000 items`.
pub(super) fn claim(counter: Counter) -> String {
    let noun = match counter.kind {
        CounterKind::Items => "items",
        CounterKind::Bytes => "bytes",
        CounterKind::Chars => "characters",
        CounterKind::Cycles => "cycles",
    };
    format!("{} {noun}", whole(counter.count))
}

/// A whole number in groups of three digits.
pub(super) fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes in the largest unit that leaves a whole part.
pub(super) fn bytes(count: f64) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    match units.into_iter().find(|(unit, _)| count >= *unit) {
        Some((unit, name)) => {
            let value = count / unit;
            let decimals = usize::from(value < 10.0);
            format!("{value:.decimals$} {name}")
        }
        None => format!("{count:.0} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let times: Vec<String> = [0.31, 1.5, 26.4, 1_290.0, 48_100_000.0].map(time).into();
        assert_eq!(times, ["0.3 ns", "1.5 ns", "26 ns", "1.3 µs", "48 ms"]);
        let sizes: Vec<String> = [12.0, 2_048.0, 40_000.0, 3.5e6].map(bytes).into();
        assert_eq!(sizes, ["12 bytes", "2.0 kB", "40 kB", "3.5 MB"]);
        let counter = Counter { kind: CounterKind::Items, count: 10_000.0 };
        assert_eq!(claim(counter), "10,000 items");
        assert_eq!([7.0, 999.0, 1_234_567.0].map(whole), ["7", "999", "1,234,567"]);
    }
}
