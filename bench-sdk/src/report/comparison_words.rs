//! Changes and outcomes in words.

use super::escape::{escape, width};
use super::header::plural;
use super::units::{figure, percent};
use crate::record::{
    Better, CaseComparison, ComparisonRecord, Method, Metric, Ratio, ThresholdVerdict, metric_name,
};

/// From this ratio on a change is told as a multiple.
const MULTIPLE: f64 = 9.995;
/// Per cent beyond this are not worth their digits.
const MAX_PERCENT: f64 = 9_999.0;

/// `+ 3.1 %`, `− 6.4 %`, `× 12.4`, with no digit that the interval denies.
pub(crate) fn change(ratio: &Ratio) -> String {
    if ratio.estimate >= MULTIPLE {
        return format!("× {}", multiple(ratio.estimate));
    }
    let percent = signed(ratio.estimate, decimals(ratio));
    match percent.split_at_checked(percent.find(|c: char| c.is_ascii_digit()).unwrap_or(0)) {
        Some((sign, digits)) if !sign.is_empty() => format!("{sign} {digits} %"),
        _ => format!("{percent} %"),
    }
}

/// `+2.7 … +3.5`, in the unit of the change beside it; `None` without an interval.
pub(crate) fn interval(ratio: &Ratio) -> Option<String> {
    let (low, high) = (ratio.low?, ratio.high?);
    if ratio.estimate >= MULTIPLE {
        return Some(format!("×{} … ×{}", multiple(low), multiple(high)));
    }
    let decimals = decimals(ratio);
    Some(format!("{} … {}", signed(low, decimals), signed(high, decimals)))
}

/// Digits after the point that the interval lets stand; without one, of an exact figure, those that
/// are worth reading.
fn decimals(ratio: &Ratio) -> usize {
    let half_width = ratio.low.zip(ratio.high).map(|(low, high)| (high - low) * 50.0);
    match half_width {
        Some(wide) if wide >= 9.95 => 0,
        Some(wide) if wide >= 0.095 => 1,
        Some(_) => 2,
        None if (ratio.estimate - 1.0).abs() >= 0.0995 => 0,
        None => 1,
    }
}

fn multiple(ratio: f64) -> String {
    if ratio < 99.95 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}

/// Per cent of change with the sign of typography; of no change, without.
fn signed(ratio: f64, decimals: usize) -> String {
    let percent = (ratio - 1.0) * 100.0;
    if !percent.is_finite() {
        return "?".to_owned();
    }
    let digits = format!("{:.decimals$}", percent.abs().min(MAX_PERCENT));
    let is_zero = digits.chars().all(|c| matches!(c, '0' | '.'));
    match percent {
        _ if is_zero => digits,
        p if p > MAX_PERCENT => format!(">+{digits}"),
        p if p > 0.0 => format!("+{digits}"),
        _ => format!("−{digits}"),
    }
}

/// A change that was excluded: `4.1 %`, rounded up, since less is not excluded.
pub(crate) fn excluded(effect: f64) -> String {
    let tenths = (effect * 1_000.0 - 1e-6).ceil();
    if !tenths.is_finite() {
        return "?".to_owned();
    }
    if tenths < 100.0 {
        format!("{:.1} %", tenths / 10.0)
    } else {
        format!("{:.0} %", (effect * 100.0 - 1e-6).ceil())
    }
}

/// `812 ns → 837 ns`, with the digits that the interval lets stand; without one, with those that tell
/// them apart.
pub(crate) fn figures(comparison: &CaseComparison) -> Option<String> {
    let (from, to) = (comparison.baseline?, comparison.candidate?);
    let interval = comparison
        .ratio
        .and_then(|ratio| Some((ratio.high? - ratio.low?) / 2.0 / ratio.estimate))
        .map(|share| share * from.abs().max(to.abs()));
    let shown = |value: f64| {
        let exact = ((from - to).abs() / 10.0).min(value.abs() / 200.0);
        let half_width = interval.unwrap_or(exact);
        let mut metric = Metric::point(comparison.unit, comparison.better, value);
        (metric.low, metric.high) = (Some(value - half_width), Some(value + half_width));
        figure(&comparison.metric, &metric)
    };
    Some(format!("{} → {}", shown(from), shown(to)))
}

/// `14 launches`, `3 runs`.
pub(crate) fn basis(comparison: &CaseComparison, method: Method) -> String {
    let noun = match method {
        Method::Paired => "launch",
        Method::Unpaired => "run",
    };
    match (comparison.launches, noun) {
        (1, _) => format!("1 {noun}"),
        (n, "launch") => format!("{n} launches"),
        (n, _) => format!("{n} {noun}s"),
    }
}

/// What an inconclusive comparison has at least shown.
pub(crate) fn undecided(comparison: &CaseComparison, method: Method) -> Option<String> {
    if let Some(effect) = comparison.smallest_effect {
        return Some(format!("a change of {} or more is excluded", excluded(effect)));
    }
    let has_interval = comparison.ratio.is_some_and(|ratio| ratio.low.is_some());
    if has_interval || !comparison.evidence.is_empty() || !comparison.notes.is_empty() {
        return None;
    }
    Some(match comparison.launches {
        0 => "nothing could be measured".to_owned(),
        1 => format!("{} tells nothing yet", basis(comparison, method)),
        _ => format!("{} tell nothing yet", basis(comparison, method)),
    })
}

/// A ratio that people have chosen: `1 %`, `0.5 %`.
pub(crate) fn rule(ratio: f64) -> String {
    percent(ratio).replace(".0 %", " %")
}

/// How a comparison stands to the threshold.
pub(crate) fn against_threshold(verdict: ThresholdVerdict, threshold: f64) -> String {
    let side = if verdict.fails() { "over" } else { "under" };
    let by_estimate =
        matches!(verdict, ThresholdVerdict::ProbablyOver | ThresholdVerdict::ProbablyUnder);
    let how = if by_estimate { ", decided by the estimate" } else { "" };
    format!("{side} the threshold of {}{how}", rule(threshold))
}

/// What became of a case that regressed: `is slower`.
pub(crate) fn complaint(comparison: &CaseComparison) -> String {
    let words = match comparison.metric.as_str() {
        metric_name::TIME => "is slower",
        metric_name::ALLOCS => "allocates more often",
        metric_name::ALLOC_BYTES => "allocates more memory",
        metric_name::PEAK_LIVE | metric_name::PEAK_RSS | metric_name::RSS_GROWTH => {
            "takes more memory"
        }
        metric_name::LEAKED => "leaves more memory behind",
        metric_name::INSTRUCTIONS => "takes more instructions",
        other => {
            let which = match comparison.better {
                Better::Lower => "higher",
                Better::Higher => "lower",
            };
            return format!("has a {which} {}", escape(other));
        }
    };
    words.to_owned()
}

/// `HEAD~1 (4b1c2d9) → working tree`.
pub(crate) fn sides(record: &ComparisonRecord) -> [String; 2] {
    [&record.baseline, &record.candidate].map(|side| {
        let name = escape(&side.name);
        let mut more = Vec::new();
        if let Some(commit) = &side.commit {
            let short: String = escape(commit).chars().take(7).collect();
            if !short.is_empty() && !name.starts_with(&short) {
                more.push(short);
            }
        }
        if side.dirty == Some(true) {
            more.push("with changes".to_owned());
        }
        if let Some(runs) = side.runs {
            more.push(plural(runs as usize, "run"));
        }
        if more.is_empty() { name } else { format!("{name} ({})", more.join(", ")) }
    })
}

/// The end of a name, behind `…`, where it takes more columns than allowed: what tells cases of one
/// benchmark apart stands at their ends.
pub(crate) fn cut_front(text: &str, columns: usize) -> String {
    // Marks without width may pile up; a column is good for a few of them.
    let limit = columns.saturating_mul(4);
    let start = text.char_indices().rev().nth(limit).map_or(0, |(at, c)| at + c.len_utf8());
    let mut rest = &text[start..];
    if start == 0 && width(rest) <= columns {
        return rest.to_owned();
    }
    if columns == 0 {
        return String::new();
    }
    while width(rest) >= columns {
        let next = rest.char_indices().nth(1).map_or(rest.len(), |(at, _)| at);
        rest = &rest[next..];
    }
    // Marks that belonged to what was cut would stand on the ellipsis.
    let bare = rest.trim_start_matches(|c: char| width(c.encode_utf8(&mut [0; 4])) == 0);
    format!("…{bare}")
}
