//! Figures for people: at most four significant digits, and no digit that the interval denies but
//! for the second.

use super::metric::{Metric, Unit};
use super::metric_name;

/// Significant digits of a time whose interval is known and allows them.
const MAX_DIGITS: i32 = 4;
/// Significant digits of everything else.
const USUAL_DIGITS: i32 = 3;
/// Most digits after the decimal point.
const MAX_DECIMALS: i32 = 3;
/// From here on the largest unit no longer counts.
const OVERFLOW: f64 = 9_999.5;

type Scale = (f64, &'static str);

/// How much of a figure may be shown.
#[derive(Clone, Copy)]
struct Precision {
    digits: i32,
    half_width: Option<f64>,
}

const TIME: &[Scale] =
    &[(1.0, " ns"), (1e3, " µs"), (1e6, " ms"), (1e9, " s"), (3.6e12, " h"), (8.64e13, " d")];
const COUNT: &[Scale] = &[(1.0, ""), (1e3, " k"), (1e6, " M"), (1e9, " G"), (1e12, " T")];
const BYTES: &[Scale] = &[(1.0, " B"), (1e3, " kB"), (1e6, " MB"), (1e9, " GB"), (1e12, " TB")];
const PER_SECOND: &[Scale] =
    &[(1.0, " /s"), (1e3, " k/s"), (1e6, " M/s"), (1e9, " G/s"), (1e12, " T/s")];
const BYTES_PER_SECOND: &[Scale] =
    &[(1.0, " B/s"), (1e3, " kB/s"), (1e6, " MB/s"), (1e9, " GB/s"), (1e12, " TB/s")];
const CHARS_PER_SECOND: &[Scale] = &[
    (1.0, " char/s"),
    (1e3, " kchar/s"),
    (1e6, " Mchar/s"),
    (1e9, " Gchar/s"),
    (1e12, " Tchar/s"),
];
const JOULES: &[Scale] = &[(1e-9, " nJ"), (1e-6, " µJ"), (1e-3, " mJ"), (1.0, " J"), (1e3, " kJ")];
const HERTZ: &[Scale] =
    &[(1.0, " Hz"), (1e3, " kHz"), (1e6, " MHz"), (1e9, " GHz"), (1e12, " THz")];

/// What a throughput counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rate {
    /// Items of the application.
    Items,
    /// Bytes.
    Bytes,
    /// Characters.
    Chars,
    /// Cycles.
    Cycles,
    /// What is named beside the figure.
    Bare,
}

impl Rate {
    /// What the metric of that name counts.
    fn of(name: &str) -> Self {
        match name {
            metric_name::THROUGHPUT_CHARS => Self::Chars,
            metric_name::THROUGHPUT_CYCLES => Self::Cycles,
            _ => Self::Items,
        }
    }
}

/// A time: `184.2 ns`, `8.94 µs`. `half_width` is half the interval, in nanoseconds too.
pub(crate) fn time(ns: f64, half_width: Option<f64>) -> String {
    let digits = if half_width.is_some() { MAX_DIGITS } else { USUAL_DIGITS };
    scaled(ns, Precision { digits, half_width }, TIME)
}

/// The upper bound of a time too short to tell: `≤ 0.3 ns`, never below what it is given.
pub(crate) fn time_at_most(ns: f64) -> String {
    // The small term keeps a bound that already is a tenth from growing by one.
    let bound = if ns < 100.0 { (ns * 10.0 - 1e-6).ceil() / 10.0 } else { ns * 1.005 };
    let digits = if bound < 1.0 { 1 } else { 2 + i32::from(bound >= 10.0) };
    format!("≤ {}", scaled(bound, Precision { digits, half_width: None }, TIME))
}

/// A throughput: `5.43 M/s`, `12.3 MB/s`.
pub(crate) fn rate(per_second: f64, half_width: Option<f64>, kind: Rate) -> String {
    let scales = match kind {
        Rate::Items => PER_SECOND,
        Rate::Bytes => BYTES_PER_SECOND,
        Rate::Chars => CHARS_PER_SECOND,
        Rate::Cycles => HERTZ,
        Rate::Bare => COUNT,
    };
    scaled(per_second, Precision { digits: USUAL_DIGITS, half_width }, scales)
}

/// The figure of the metric of that name, with its unit.
pub(crate) fn figure(name: &str, metric: &Metric) -> String {
    value(name, metric.unit, metric.estimate, half_interval(metric))
}

/// Both ends of the metric's interval, as precise as its figure: `12.1 to 12.6 µs`; `None` where
/// there is none, or nothing of it can be seen.
pub(crate) fn interval(name: &str, metric: &Metric) -> Option<String> {
    let (low, high) = (metric.low?, metric.high?);
    let shown = |end: f64| value(name, metric.unit, end, half_interval(metric));
    let (low, high) = (shown(low), shown(high));
    if low == high {
        return None;
    }
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => {
            Some(format!("{number} to {high}"))
        }
        _ => Some(format!("{low} to {high}")),
    }
}

/// A value of the metric of that name.
fn value(name: &str, unit: Unit, value: f64, half_width: Option<f64>) -> String {
    match unit {
        Unit::Nanoseconds => time(value, half_width),
        Unit::Bytes => scaled(value, counted(value, half_width), BYTES),
        Unit::BytesPerSecond => rate(value, half_width, Rate::Bytes),
        Unit::PerSecond => rate(value, half_width, Rate::of(name)),
        Unit::One if metric_name::is_share(name) => percent(value),
        Unit::One if is_small(value) => count(value),
        Unit::One => scaled(value, counted(value, half_width), COUNT),
        Unit::Joules => scaled(value, Precision { digits: USUAL_DIGITS, half_width }, JOULES),
    }
}

/// Half the width of the interval.
pub(crate) fn half_interval(metric: &Metric) -> Option<f64> {
    Some((metric.high? - metric.low?) / 2.0)
}

/// A share: `100 %`, `3.4 %`.
pub(crate) fn percent(ratio: f64) -> String {
    let percent = ratio * 100.0;
    match percent.abs() {
        p if !p.is_finite() => "?".to_owned(),
        p if p >= OVERFLOW => ">9999 %".to_owned(),
        p if p >= 9.95 || p == 0.0 => format!("{percent:.0} %"),
        p if p >= 0.05 => format!("{percent:.1} %"),
        _ => "<0.1 %".to_owned(),
    }
}

/// A number of bytes, in powers of ten: `1.23 MB`.
pub(crate) fn bytes(count: f64) -> String {
    scaled(count, counted(count, None), BYTES)
}

/// A plain number: `0`, `2`, `9999`, `12.3 k`.
pub(crate) fn count(count: f64) -> String {
    if is_small(count) {
        return format!("{count:.0}");
    }
    scaled(count, counted(count, None), COUNT)
}

/// Whether it is a whole number that needs no prefix.
fn is_small(count: f64) -> bool {
    count.fract() == 0.0 && (0.0..10_000.0).contains(&count)
}

/// Below a thousand a whole number is shown as one.
fn counted(count: f64, half_width: Option<f64>) -> Precision {
    let is_whole = count.fract() == 0.0 && count.abs() < 1e3;
    Precision { digits: USUAL_DIGITS, half_width: if is_whole { Some(1.0) } else { half_width } }
}

/// Half the width of an interval as a ratio, for people: `± 0.4 %`.
pub(crate) fn plus_minus(ratio: f64) -> String {
    let percent = ratio.abs() * 100.0;
    if !percent.is_finite() {
        return "?".to_owned();
    }
    let figure = match percent {
        0.0 => return "± 0 %".to_owned(),
        p if p < 0.005 => return "± <0.01 %".to_owned(),
        p if p < 0.095 => format!("{p:.2}"),
        p if p < 9.95 => format!("{p:.1}"),
        p if p < 999.5 => format!("{p:.0}"),
        _ => return "± >999 %".to_owned(),
    };
    format!("± {figure} %")
}

/// How long something took, for people: `400 ms`, `4.2 s`, `24 s`, `3 min 5 s`.
pub(crate) fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "?".to_owned();
    }
    if seconds < 1.0 {
        return time(seconds.max(0.0) * 1e9, None);
    }
    if seconds < 9.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round();
    let pair = |large: &str, small: &str, size: f64, unit: f64| {
        format!("{} {large} {} {small}", (whole / size).floor(), ((whole % size) / unit).floor())
    };
    match whole {
        w if w < 100.0 => format!("{w} s"),
        w if w < 3_600.0 => pair("min", "s", 60.0, 1.0),
        w if w < 172_800.0 => pair("h", "min", 3_600.0, 60.0),
        w if w < 863_956_800.0 => pair("d", "h", 86_400.0, 3_600.0),
        _ => ">9999 d".to_owned(),
    }
}

/// Writes a figure in the largest unit that leaves at least one before the point.
fn scaled(value: f64, precision: Precision, scales: &[Scale]) -> String {
    if !value.is_finite() {
        return "?".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let mut magnitude = value.abs();
    let mut at = scales.iter().rposition(|(factor, _)| *factor <= magnitude).unwrap_or(0);
    loop {
        let (factor, symbol) = scales[at];
        let half_width = precision.half_width.map(|width| width / factor);
        let (rounded, decimals) = round(magnitude / factor, Precision { half_width, ..precision });
        // 999.97 ns is shown as 1.000 µs, not as 1000 ns.
        if let Some((next, _)) = scales.get(at + 1)
            && rounded * factor >= *next
        {
            magnitude = *next;
            at += 1;
            continue;
        }
        if rounded >= OVERFLOW {
            return format!("{sign}>9999{symbol}");
        }
        if rounded == 0.0 && magnitude > 0.0 {
            return format!("{sign}<0.001{symbol}");
        }
        return format!("{sign}{rounded:.decimals$}{symbol}");
    }
}

/// Rounds to the digits that may be shown; also tells how many stand after the point.
fn round(value: f64, precision: Precision) -> (f64, usize) {
    if value == 0.0 {
        return (0.0, 0);
    }
    let place = last_place(value, precision);
    let rounded = round_to(value, place);
    // Rounding up to a power of ten adds a digit in front: one must go at the end.
    let place = if rounded == 0.0 { place } else { last_place(rounded, precision) };
    (round_to(rounded, place), usize::try_from(-place).unwrap_or(0))
}

fn round_to(value: f64, place: i32) -> f64 {
    // Dividing by a whole power of ten is exact where multiplying by its inverse is not.
    if place >= 0 {
        let step = 10_f64.powi(place);
        (value / step).round() * step
    } else {
        let step = 10_f64.powi(-place);
        (value * step).round() / step
    }
}

/// The power of ten of the last digit that may be shown.
fn last_place(value: f64, precision: Precision) -> i32 {
    let first = leading_place(value);
    let mut place = first - precision.digits + 1;
    if let Some(width) = precision.half_width.filter(|width| *width > 0.0 && width.is_finite()) {
        // Two digits are shown even where the interval denies them: one alone reads like a guess.
        place = place.max(leading_place(width).min(first - 1));
    }
    place.max(-MAX_DECIMALS)
}

/// The power of ten of the first digit.
fn leading_place(value: f64) -> i32 {
    // The term makes up for logarithms of powers of ten that fall just below a whole number.
    (value.log10() + 1e-12).floor() as i32
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
